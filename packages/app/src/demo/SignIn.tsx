import type { SignInPageProps } from '@backstage/plugin-app-react';
import { ProxiedSignInPage } from '@backstage/core-components';
import { Button, Card, CardBody, CardFooter, CardHeader } from '@backstage/ui';
import { useState } from 'react';
import { choosePerson, chosenPerson, PEOPLE } from './people';
import styles from './SignIn.module.css';

/** Offers the people of the demo; without a password, and never in production. */
export function SignIn(props: SignInPageProps) {
  const [person, setPerson] = useState(chosenPerson);
  if (person) {
    return (
      <ProxiedSignInPage
        {...props}
        provider="demo"
        headers={{ 'x-slipway-demo-person': person.name }}
      />
    );
  }
  return (
    <main className={styles.page}>
      <h1>Sign in to the demo</h1>
      <p>
        These people are part of the demo and have no passwords. Change to
        another one at the bottom of the sidebar.
      </p>
      <ul className={styles.people}>
        {PEOPLE.map(one => (
          <li key={one.name}>
            <Card>
              <CardHeader>
                <h2>{one.title}</h2>
              </CardHeader>
              <CardBody>{one.does}</CardBody>
              <CardFooter>
                <Button
                  onPress={() => {
                    choosePerson(one);
                    setPerson(one);
                  }}
                >
                  Sign in as {one.title}
                </Button>
              </CardFooter>
            </Card>
          </li>
        ))}
      </ul>
    </main>
  );
}
