package io.millrace.benchmarks;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Settings of an engine, laid over each other, and passed to another process. */
final class Settings {

  private Settings() {}

  /** With everything that an engine's settings leave out. */
  static Config complete(Config settings) {
    return settings.withFallback(ConfigFactory.load()).resolve();
  }

  /** With one setting changed. */
  static Config with(Config settings, String path, Object value) {
    return settings.withValue(path, ConfigValueFactory.fromAnyRef(value));
  }

  /** How settings write a constant. */
  static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** Writes settings to a file, for {@link #read}. */
  static Path write(Config settings, Path file) throws IOException {
    return Files.writeString(file, settings.root().render(ConfigRenderOptions.concise()));
  }

  static Config read(Path file) {
    return ConfigFactory.parseFile(file.toFile());
  }
}
