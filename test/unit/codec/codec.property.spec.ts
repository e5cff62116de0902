import { describeCodecProperties } from './codec-properties.js';
import { encrypted, signed } from './jose.js';

describeCodecProperties('SignedCodec', signed);
describeCodecProperties('EncryptedCodec', encrypted);
