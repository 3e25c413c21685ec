import { usePermission } from '@backstage/plugin-permission-react';
import type { BasicPermission } from '@backstage/plugin-permission-common';
import type { ReactNode } from 'react';
import { Face } from '../Face';
import { Region } from '../Region';

/** What a page shows to people who have a permission, and which one the others lack. */
export function Permitted(props: {
  permission: BasicPermission;
  /** Of the region in its place. */
  label: string;
  /** What it allows, such as `see the sources`. */
  to: string;
  children: ReactNode;
}) {
  const { loading, allowed } = usePermission({ permission: props.permission });
  if (loading) return null;
  if (allowed) return props.children;
  return (
    <Region label={props.label}>
      <Face icon="lock" title={`You do not have permission to ${props.to}`}>
        An administrator can grant you the permission{' '}
        <code>{props.permission.name}</code>.
      </Face>
    </Region>
  );
}
