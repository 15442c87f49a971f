/** A message field and its button: Enter sends, Shift+Enter breaks the line, and Enter in an input method does neither. */
export function onCompose(
  form: HTMLFormElement,
  field: HTMLTextAreaElement,
  send: (text: string) => void,
): void {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (text === '') return;
    field.value = '';
    field.focus();
    send(text);
  });
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
}
