from .backing_up import back_up as back_up
from .backup_folder import BackupFolder as BackupFolder, Manifest as Manifest
from .certificates import Certificate as Certificate, certificates as certificates
from .columns import columns_of as columns_of, records_of as records_of
from .feed_store import FeedStore as FeedStore
from .purging import purge as purge
from .restoring import Restored as Restored, follow as follow, restore as restore
from .wish import Wish as Wish
