/** Tests that need something which is not everywhere: skipped aloud on a developer's machine, a failure in CI. */

/** A `describe`, unless there is a `reason` against it (`no Redis`); `remedy` says what brings what is missing. */
export function describeUnless(reason: string, remedy: string, name: string, body: () => void): void {
  if (!reason) {
    describe(name, body);
    return;
  }
  if (process.env['CI'] === 'true') {
    describe(name, () => {
      it('has what it needs', () => {
        throw new Error(`There is ${reason} here: ${remedy}.`);
      });
    });
    return;
  }
  process.stderr.write(`skipped: ${reason} for "${name}": ${remedy}\n`);
  describe.skip(name, () => {
    it(`needs what is missing: ${reason}`, () => {});
  });
}
