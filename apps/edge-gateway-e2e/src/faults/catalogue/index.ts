import type { Fault } from '../fault';
import { announcements } from './announcements';
import { disks } from './disks';
import { forgeries } from './forgeries';
import { formats } from './formats';
import { lines } from './lines';
import { outages } from './outages';
import { sizes } from './sizes';

export const catalogue: readonly Fault[] = [...outages, ...lines, ...announcements, ...forgeries, ...formats, ...sizes, ...disks];
