from .backing_up import back_up as back_up
from .backup_folder import BackupFolder as BackupFolder, Manifest as Manifest
from .cell_export import Cells as Cells, cells_of as cells_of
from .certificates import Certificate as Certificate, certificates as certificates
from .columns import columns_of as columns_of, records_of as records_of
from .feed_store import FeedStore as FeedStore
from .privacy_audit import Audit as Audit, Finding as Finding, audit as audit
from .purging import purge as purge
from .restoring import Restored as Restored, follow as follow, restore as restore
from .wish import Wish as Wish
