const KEY = 'slipway.demo.person';

/** What a browser keeps in which a person of the demo has signed in. */
export const signedIn = (origin, person = 'guest') => ({
  cookies: [],
  origins: [{ origin, localStorage: [{ name: KEY, value: person }] }],
});
