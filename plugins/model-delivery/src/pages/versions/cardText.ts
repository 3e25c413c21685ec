const MAX_CARD = 200_000;

/** The words of a card: without the front matter that is meant for machines, and not without end. */
export function cardText(card: string): string {
  const text = card.replace(/^---\r?\n[\s\S]*?\r?\n---\r?\n/, '');
  return text.length > MAX_CARD
    ? `${text.slice(0, MAX_CARD)}\n\n… ${text.length - MAX_CARD} more characters`
    : text;
}
