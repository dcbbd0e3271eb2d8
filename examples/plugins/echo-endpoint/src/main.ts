#!/usr/bin/env node
import { serve } from '@sluice/plugin-sdk';
import { EchoPlugin } from './echo-plugin';

serve(new EchoPlugin());
