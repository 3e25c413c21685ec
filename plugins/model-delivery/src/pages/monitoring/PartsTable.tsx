import { PlainTable } from '../../components';
import { exactTime } from '../../words';
import styles from './monitoring.module.css';
import type { Part } from './sortParts';

/** What small charts draw, in figures: a column a part, the newest row first. */
export function PartsTable(props: {
  parts: Part[];
  label: string;
  format: (value: number) => string;
}) {
  const { parts, label, format } = props;
  const values = parts.map(
    ({ line }) => new Map(line.points.map(point => [point.at, point.value])),
  );
  const moments = [...new Set(values.flatMap(line => [...line.keys()]))];
  return (
    <PlainTable
      className={styles.table}
      label={label}
      columns={[
        'Time (UTC)',
        ...parts.map(({ line }) => ({ label: line.name, number: true })),
      ]}
      rows={moments
        .sort((a, b) => Date.parse(b) - Date.parse(a))
        .map(at => ({
          key: at,
          cells: [
            exactTime(at),
            ...values.map(line => {
              const value = line.get(at) ?? null;
              return value === null ? 'unknown' : format(value);
            }),
          ],
        }))}
    />
  );
}
