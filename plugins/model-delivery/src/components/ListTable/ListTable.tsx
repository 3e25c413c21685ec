import {
  Cell,
  Column,
  Row,
  type SortDescriptor,
  TableBody,
  TableHeader,
  type TableItem,
  TableRoot,
  type TableSelection,
} from '@backstage/ui';
import clsx from 'clsx';
import type { ReactNode } from 'react';
import styles from './ListTable.module.css';

export interface ListColumn<T> {
  id: string;
  label: string;
  sortable?: boolean;
  rowHeader?: boolean;
  /** Right-aligned. */
  number?: boolean;
  /** Goes first when there is little room. */
  secondary?: boolean;
  width?: string;
  cell: (item: T) => ReactNode;
}

/** A list to work with, on BUI's table: sorted, opened by its rows, chosen from. */
export function ListTable<T extends TableItem>(props: {
  label: string;
  columns: ListColumn<T>[];
  items: T[];
  sort?: SortDescriptor;
  onSort?: (sort: SortDescriptor) => void;
  selection?: TableSelection;
  onOpen?: (item: T) => void;
  /** The row that is open beside the list. */
  marked?: string | null;
  /** Widths are as given, and long words are cut; `wide`: only while there is room for all columns. */
  fixed?: boolean | 'wide';
}) {
  const { columns, items, selection, marked, onOpen } = props;
  const className = (column: ListColumn<T>) =>
    clsx(column.number && styles.number, column.secondary && styles.secondary);
  return (
    <div
      className={clsx(
        styles.list,
        props.fixed && styles.fixed,
        props.fixed === 'wide' && styles.wide,
      )}
    >
      <TableRoot
        aria-label={props.label}
        sortDescriptor={props.sort}
        onSortChange={props.onSort}
        selectionMode={selection?.mode}
        selectionBehavior={selection?.behavior}
        selectedKeys={selection?.selected}
        onSelectionChange={selection?.onSelectionChange}
      >
        <TableHeader columns={columns}>
          {column => (
            <Column
              id={column.id}
              isRowHeader={column.rowHeader}
              allowsSorting={column.sortable}
              className={className(column)}
              style={column.width ? { width: column.width } : undefined}
            >
              {column.label}
            </Column>
          )}
        </TableHeader>
        <TableBody items={items} dependencies={[columns, marked]}>
          {item => (
            <Row
              id={String(item.id)}
              columns={columns}
              onAction={onOpen && (() => onOpen(item))}
              data-marked={marked === String(item.id) || undefined}
              data-react-aria-pressable={onOpen ? 'true' : undefined}
            >
              {column => (
                <Cell className={className(column)}>{column.cell(item)}</Cell>
              )}
            </Row>
          )}
        </TableBody>
      </TableRoot>
    </div>
  );
}

/** The second line of a cell. */
export function Sub(props: { indent?: boolean; children: ReactNode }) {
  return (
    <span className={clsx(styles.sub, props.indent && styles.indent)}>
      {props.children}
    </span>
  );
}
