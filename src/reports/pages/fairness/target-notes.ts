/** What a positive decision means to the person, of datasets where it is known: numbers do not tell. */
const notes: Readonly<Record<string, string>> = {
  adult: 'Read as a decision about people, a positive one is the favourable one.',
  compas:
    'A positive decision is unfavourable to the person: who gains one is now predicted to offend again. “Advantaged” means no more than the group with the higher rate of positive decisions.',
};

export function noteOnTarget(source: string): string {
  return (
    notes[source] ??
    'Whether a positive decision is good for the person the numbers do not tell. “Advantaged” means no more than the group with the higher rate of positive decisions.'
  );
}
