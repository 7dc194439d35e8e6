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

  /**
   * Lets an observer see the database file of one opening.
   *
   * @param opening without colons, never used before: H2 knows its open databases by their paths,
   *     and a path that comes again could mean one that is long closed
   * @return the prefix that makes a path of another file system one of this opening
   */
  public static String observe(String opening, Observer observer) {
    OBSERVERS.put(opening, observer);
    return SCHEME + ":" + opening + ":";
  }

  public static void forget(String opening) {
    OBSERVERS.remove(opening);
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    var channel = super.open(mode);
    var observer = name.endsWith(".mv.db") ? OBSERVERS.get(openingOf(name)) : null;
    return observer == null ? channel : observer.opened(channel);
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  protected String getPrefix() {
    return SCHEME + ":" + openingOf(name) + ":";
  }

  @Override
  protected FilePath unwrap(String path) {
    return FilePath.get(path.substring(path.indexOf(':', SCHEME.length() + 1) + 1));
  }

  private static String openingOf(String path) {
    var start = SCHEME.length() + 1;
    return path.substring(start, path.indexOf(':', start));
  }
}
