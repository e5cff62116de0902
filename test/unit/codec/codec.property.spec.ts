import { describeCodecProperties } from './codec-properties.js';
import { encrypted, signed } from './codec-fixtures.js';

describeCodecProperties('SignedCodec', signed);
describeCodecProperties('EncryptedCodec', encrypted);
