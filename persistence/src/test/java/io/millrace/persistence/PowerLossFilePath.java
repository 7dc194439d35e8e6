package io.millrace.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.h2.store.fs.FileBase;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * A file system for H2 on a machine whose power can fail, and whose disk can. Files are named
 * {@code powerloss:<path>}; each file written goes through the {@link Disk} of its directory.
 */
public final class PowerLossFilePath extends FilePathWrapper {

  static final String SCHEME = "powerloss";

  private static final Map<String, Disk> DISKS = new ConcurrentHashMap<>();

  static {
    FilePath.register(new PowerLossFilePath());
  }

  /** Puts a directory on a disk. */
  static void mount(String directory, Disk disk) {
    DISKS.put(directory, disk);
  }

  static void unmount(String directory) {
    DISKS.remove(directory);
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    var base = super.open(mode);
    var path = getBase().toString();
    var disk = DISKS.get(path.substring(0, path.lastIndexOf('/')));
    return disk == null ? base : new Channel(base, disk);
  }

  /** Tells the disk what is done to the file. */
  @SuppressWarnings("UnsynchronizedOverridesSynchronized")
  private static final class Channel extends FileBase {

    private final FileChannel file;
    private final Disk disk;

    Channel(FileChannel file, Disk disk) {
      this.file = file;
      this.disk = disk;
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
      var bytes = new byte[source.remaining()];
      source.duplicate().get(bytes);
      return disk.write(position, bytes, () -> file.write(source, position));
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      disk.truncate(size, () -> file.truncate(size));
      return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
      disk.force();
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      return file.read(target, position);
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      return file.read(target);
    }

    @Override
    public long position() throws IOException {
      return file.position();
    }

    @Override
    public FileChannel position(long position) throws IOException {
      file.position(position);
      return this;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
      return file.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      file.close();
    }
  }
}
