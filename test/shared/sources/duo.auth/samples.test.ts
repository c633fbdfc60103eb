import { duoAuth } from '../../../../shared/sources/duo.auth/source.ts';
import { testSamples } from '../duo/samples.ts';

testSamples(duoAuth);
