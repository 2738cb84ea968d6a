/**
 * An object that is made when something of it is first asked for. Unlike a getter it stays so where what holds it is copied,
 * as the context of an operation is.
 */
export function lazy<T extends object>(make: () => T): T {
  let made: T | undefined;
  return new Proxy({} as T, {
    get(_target, key) {
      made ??= make();
      return made[key as keyof T];
    },
  });
}
