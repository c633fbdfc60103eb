import { duoActivity } from '../../../../shared/sources/duo.activity/source.ts';
import { testSamples } from '../duo/samples.ts';

testSamples(duoActivity);
