import {
  Sidebar,
  SidebarDivider,
  SidebarItem,
  SidebarSpace,
} from '@backstage/core-components';
import { NavContentBlueprint } from '@backstage/plugin-app-react';
import { PersonSwitch } from './demo/PersonSwitch';

/** Models and catalog above, what is about the person below. */
export const navContent = NavContentBlueprint.make({
  params: {
    component: ({ navItems }) => {
      const nav = navItems.withComponent(item => (
        <SidebarItem icon={() => item.icon} to={item.href} text={item.title} />
      ));
      // The graph is reached from each entity.
      nav.take('page:catalog-graph');
      return (
        <Sidebar>
          {nav.take('page:search')}
          <SidebarDivider />
          {nav.take('page:model-delivery')}
          {nav.take('page:catalog')}
          {nav.take('page:scaffolder')}
          <SidebarSpace />
          <SidebarDivider />
          {nav.take('page:notifications')}
          {nav.take('page:user-settings')}
          {nav.rest({ sortBy: 'title' })}
          <SidebarDivider />
          <PersonSwitch />
        </Sidebar>
      );
    },
  },
});
