package io.millrace.processors.api;

import io.millrace.engine.model.StreamName;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * Where the notice of a batch goes that was given up. A notice says which records it is about; it
 * does not hold them, so they must be read again from their stream before they expire.
 */
public sealed interface OnFailure {

  /**
   * A record of another stream for each notice, its shard as the partition key.
   *
   * @param streamName the stream; may not be the one that the mapping reads
   */
  record ToStream(StreamName streamName) implements OnFailure {
    @Override
    public String reference() {
      return "stream:" + streamName;
    }
  }

  /**
   * A line of JSON for each notice, synced before the mapping goes on.
   *
   * @param path absolute; the file is created when it is needed, its directory is not
   */
  record ToFile(Path path) implements OnFailure {

    public ToFile {
      if (!path.isAbsolute()) {
        throw new InvalidParameterValueException(
            "The file of an OnFailure destination must be absolute, not %s.".formatted(path));
      }
    }

    @Override
    public String reference() {
      return "file:" + path;
    }
  }

  /**
   * A callback that the application registers under this name.
   *
   * @param name 1 to 64 characters of {@code [a-zA-Z0-9_-]}
   */
  record ToCallback(String name) implements OnFailure {

    private static final Pattern FORM = Pattern.compile("[a-zA-Z0-9_-]{1,64}");

    public ToCallback {
      if (!FORM.matcher(name).matches()) {
        throw new InvalidParameterValueException(
            "'%s' is not the name of a callback.".formatted(name));
      }
    }

    @Override
    public String reference() {
      return "callback:" + name;
    }
  }

  /** The destination as one word: {@code stream:}, {@code file:} or {@code callback:} and where. */
  String reference();

  /**
   * Reads a reference back.
   *
   * @throws InvalidParameterValueException when it names no destination
   */
  static OnFailure parse(String reference) {
    int colon = reference.indexOf(':');
    String where = reference.substring(colon + 1);
    try {
      return switch (reference.substring(0, Math.max(colon, 0))) {
        case "stream" -> new ToStream(new StreamName(where));
        case "file" -> new ToFile(Path.of(where));
        case "callback" -> new ToCallback(where);
        default -> throw unknown(reference);
      };
    } catch (InvalidParameterValueException refused) {
      throw refused;
    } catch (IllegalArgumentException malformed) {
      throw unknown(reference);
    }
  }

  private static InvalidParameterValueException unknown(String reference) {
    return new InvalidParameterValueException(
        "'%s' is no OnFailure destination.".formatted(reference));
  }
}
