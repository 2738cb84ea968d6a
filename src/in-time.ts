/**
 * The answer, if it comes in time. What comes later is passed over, a failure too.
 * @param ms how long it may take, in milliseconds
 * @param message what the error says that it is rejected with otherwise
 */
export async function inTime<T>(answer: Promise<T>, ms: number, message: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message)), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
