import type { ComponentType } from 'preact';
import { AdminPage } from '../admin/page.tsx';
import type { Scope } from '../api/types.ts';
import { CoveragePage } from '../coverage/page.tsx';
import { EntityPage } from '../entity/page.tsx';
import { FeedPage } from '../feed/page.tsx';
import { HelpPage } from '../help/page.tsx';
import { SearchesPage } from '../searches/page.tsx';
import { SourcesPage } from '../sources/page.tsx';
import { ActivityIcon, AdminIcon, CoverageIcon, HelpIcon, type Icon, SavedIcon, SourcesIcon } from '../ui/icons.tsx';
import type { Place } from './place.ts';

export interface PageProps {
  readonly place: Place;
}

export interface Page {
  /** As its route names it: the first part of the fragment. */
  readonly name: string;
  /** In the rail and the document's title. */
  readonly title: string;
  /** Absent for pages that are reached from others alone. */
  readonly icon?: Icon;
  /** Shown only to keys that have it. */
  readonly scope?: Scope;
  readonly component: ComponentType<PageProps>;
}

/** Every page, in the order of the rail. */
export const PAGES: readonly Page[] = [
  { name: 'events', title: 'Activity', icon: ActivityIcon, scope: 'read', component: FeedPage },
  { name: 'coverage', title: 'Coverage', icon: CoverageIcon, scope: 'read', component: CoveragePage },
  { name: 'sources', title: 'Sources', icon: SourcesIcon, scope: 'read', component: SourcesPage },
  { name: 'searches', title: 'Searches', icon: SavedIcon, scope: 'read', component: SearchesPage },
  { name: 'admin', title: 'Admin', icon: AdminIcon, scope: 'admin', component: AdminPage },
  { name: 'help', title: 'Help', icon: HelpIcon, component: HelpPage },
  { name: 'entity', title: 'Entity', scope: 'read', component: EntityPage },
];
