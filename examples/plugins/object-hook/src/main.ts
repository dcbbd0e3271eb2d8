#!/usr/bin/env node
import { serve } from '@sluice/plugin-sdk';
import { ObjectHookPlugin } from './object-hook-plugin';

serve(new ObjectHookPlugin());
