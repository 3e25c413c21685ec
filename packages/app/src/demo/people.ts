/** The people of `examples/org.yaml` whom the sign-in page offers. */
export const PEOPLE = [
  {
    name: 'guest',
    title: 'Guest',
    short: 'Guest',
    does: 'Engineer in ML Platform: trains, deploys and requests promotions.',
  },
  {
    name: 'ada.okafor',
    title: 'Ada Okafor',
    short: 'Ada',
    does: 'Engineer in ML Platform: owns the models.',
  },
  {
    name: 'jonas.lindqvist',
    title: 'Jonas Lindqvist',
    short: 'Jonas',
    does: 'Reviewer: approves what goes to production.',
  },
  {
    name: 'mei.tanaka',
    title: 'Mei Tanaka',
    short: 'Mei',
    does: 'In Product: uses the models, and is asked for nothing.',
  },
] as const;
export type Person = (typeof PEOPLE)[number];

const KEY = 'slipway.demo.person';

/** The person who was chosen last in this browser. */
export function chosenPerson(): Person | undefined {
  const name = window.localStorage.getItem(KEY);
  return PEOPLE.find(person => person.name === name);
}

export function choosePerson({ name }: Person): void {
  window.localStorage.setItem(KEY, name);
}
