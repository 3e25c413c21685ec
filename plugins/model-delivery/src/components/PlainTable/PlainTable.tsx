import clsx from 'clsx';
import type { ReactNode } from 'react';
import { ScrollBox } from '../ScrollBox';
import styles from './PlainTable.module.css';

export interface PlainColumn {
  label: ReactNode;
  /** Right-aligned, in figures of one width. */
  number?: boolean;
  /** Goes first when there is little room. */
  secondary?: boolean;
}

/** A small table to be read, not worked with; the first cell of a row names it. */
export function PlainTable(props: {
  label: string;
  columns: (string | PlainColumn)[];
  rows: { key: string; cells: ReactNode[] }[];
  /** Column names recede where the values explain themselves. */
  quiet?: boolean;
  className?: string;
}) {
  const columns = props.columns.map(column =>
    typeof column === 'string' ? { label: column } : column,
  ) as PlainColumn[];
  const className = (index: number) =>
    clsx(
      columns[index]?.number && styles.number,
      columns[index]?.secondary && styles.secondary,
    ) || undefined;
  return (
    <ScrollBox label={props.label} className={props.className}>
      <table
        className={clsx(styles.table, props.quiet && styles.quiet)}
        aria-label={props.label}
      >
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th key={index} scope="col" className={className(index)}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map(row => (
            <tr key={row.key}>
              {row.cells.map((cell, index) =>
                index === 0 ? (
                  <th key={index} scope="row" className={className(index)}>
                    {cell}
                  </th>
                ) : (
                  <td key={index} className={className(index)}>
                    {cell}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}
