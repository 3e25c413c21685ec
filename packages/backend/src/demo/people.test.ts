import { ConfigReader } from '@backstage/config';
import { personOf, readPeople } from './people';

const config = new ConfigReader({ people: ['guest', 'jonas.lindqvist'] });

describe('the sign-in of the demo', () => {
  it('refuses to start in production', () => {
    expect(() => readPeople(config, 'production')).toThrow(
      /auth\.providers\.demo is configured under NODE_ENV=production/,
    );
  });

  it('signs in as the people that the configuration lists, and as nobody else', () => {
    const people = readPeople(config, 'development');
    expect(personOf('jonas.lindqvist', people)).toBe('jonas.lindqvist');
    for (const other of ['root', '', undefined, ['guest', 'root']]) {
      expect(() => personOf(other, people)).toThrow(
        /is not a person of the demo/,
      );
    }
  });
});
