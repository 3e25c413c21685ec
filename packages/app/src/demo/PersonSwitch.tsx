import { SidebarItem, UserIcon } from '@backstage/core-components';
import { choosePerson, chosenPerson, PEOPLE } from './people';

/** The people of the demo: one click signs in as another one. */
export function PersonSwitch() {
  const current = chosenPerson();
  return (
    <>
      {PEOPLE.map(person => (
        <SidebarItem
          key={person.name}
          icon={UserIcon}
          text={person === current ? `${person.short} (you)` : person.short}
          aria-current={person === current ? 'true' : undefined}
          onClick={() => {
            choosePerson(person);
            // A session belongs to a page load.
            window.location.reload();
          }}
        />
      ))}
    </>
  );
}
