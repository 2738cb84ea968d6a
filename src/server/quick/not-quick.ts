/** An operation takes the ordinary way: it has something that the quick one leaves to it. Never shown to anybody. */
export class NotQuick extends Error {
  override readonly name = "NotQuick";
}
