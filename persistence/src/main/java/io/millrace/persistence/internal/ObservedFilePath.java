package io.millrace.persistence.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * A file system for H2 that lets an open storage see the very channel on which H2 has its database
 * file. A second channel on the file would not do: closing any descriptor of a file drops the locks
 * that the process has on it.
 */
public final class ObservedFilePath extends FilePathWrapper {

  /** Puts itself between H2 and the channel of a database file. */
  @FunctionalInterface
  public interface Observer {
    FileChannel opened(FileChannel channel) throws IOException;
  }

  /** The prefix of paths in this file system. */
  public static final String SCHEME = "millrace";

  private static final Map<String, Observer> OBSERVERS = new ConcurrentHashMap<>();

  static {
    FilePath.register(new ObservedFilePath());
  }

  /** Observes a file. The path has no scheme of ours, and may have one of another file system. */
  public static void observe(String path, Observer observer) {
    OBSERVERS.put(SCHEME + ":" + path, observer);
  }

  public static void forget(String path) {
    OBSERVERS.remove(SCHEME + ":" + path);
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    var channel = super.open(mode);
    var observer = OBSERVERS.get(name);
    return observer == null ? channel : observer.opened(channel);
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }
}
