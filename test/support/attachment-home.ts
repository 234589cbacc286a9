// A home with a key and nothing else, for the files that belong to entries of cases; and small files of the kinds that people attach.

import { homeAt, keyFileOf, makeKeyFile, openAttachmentFiles, type AttachmentFiles, type Home } from '../../src/store/index.ts';
import { newFolder } from './made-folders.ts';

export interface AttachmentHome {
  home: Home;
  files: AttachmentFiles;
}

export function newAttachmentHome(): AttachmentHome {
  const home = homeAt(newFolder('attachments'), { partnership: 'Test', simulated: true, memoryLimit: '500MB', threads: 2 });
  makeKeyFile(keyFileOf(home));
  return { home, files: openAttachmentFiles(home) };
}

export const smallPdf = Buffer.from('%PDF-1.7\nThistlewood wrote to the school\n%%EOF\n');
