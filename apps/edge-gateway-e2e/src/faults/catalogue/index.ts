import type { Fault } from '../fault';
import { disks } from './disks';
import { lines } from './lines';
import { outages } from './outages';

export const catalogue: readonly Fault[] = [...outages, ...lines, ...disks];
