import { ButtonIcon, Menu, MenuItem, MenuTrigger } from '@backstage/ui';
import type { ReactNode } from 'react';
import { Icon } from '../components';
import styles from './ChartFigure.module.css';
import type { ChartMark } from './types';

const MOST = 5;

/** The name of a figure, what it reads now, and the menu that turns it into a table and back. */
export function FigureHead(props: {
  title: ReactNode;
  now?: ReactNode;
  /** The figure in one sentence. */
  label: string;
  /** What can be opened from the figure. */
  marks?: ChartMark[];
  table: boolean;
  onTable: (table: boolean) => void;
}) {
  const { table, onTable, marks = [] } = props;
  // The same as the flags, for the keyboard.
  const opened = marks.filter(mark => mark.onOpen).slice(-MOST);
  return (
    <div className={styles.head}>
      <div className={styles.name}>{props.title}</div>
      <span className={styles.now}>{props.now}</span>
      <MenuTrigger>
        <ButtonIcon
          size="small"
          variant="tertiary"
          aria-label={`More about ${props.label}`}
          icon={<Icon name="more" />}
        />
        <Menu>
          <MenuItem onAction={() => onTable(!table)}>
            {table ? 'Show as chart' : 'Show as table'}
          </MenuItem>
          {opened.map(mark => (
            <MenuItem key={mark.x} onAction={mark.onOpen}>
              {`Open the deployment of ${mark.label}`}
            </MenuItem>
          ))}
        </Menu>
      </MenuTrigger>
    </div>
  );
}
