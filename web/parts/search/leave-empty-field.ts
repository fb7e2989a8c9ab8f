/** Esc once more: the first press has emptied the field, and with this one the keys of the page work again. */
export function leaveEmptyField(): void {
  const field = document.activeElement;
  if (field instanceof HTMLInputElement && field.type === 'search' && field.value === '') field.blur();
}
