import { duoAdmin } from '../../../../shared/sources/duo.admin/source.ts';
import { testSamples } from '../duo/samples.ts';

testSamples(duoAdmin);
