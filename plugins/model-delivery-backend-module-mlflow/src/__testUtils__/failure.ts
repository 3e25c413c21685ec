/** The error that something ends with. @throws Error where it does not fail. */
export async function failure(asked: Promise<unknown>) {
  return await asked.then(
    () => {
      throw new Error('It did not fail');
    },
    error => error,
  );
}
