/** Runs somebody's callback, which must not throw; when it does, its error is a warning and nobody else's trouble. */
export function runGuarded(callback: () => void): void {
  try {
    callback();
  } catch (error) {
    process.emitWarning(String((error as Error)?.stack ?? error), 'CallbackWarning');
  }
}
