package io.millrace.fanout;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.testng.annotations.AfterClass;

/** The same over the engine's own storage, in files. */
public class ShardPublisherH2TckTest extends ShardPublisherTckTest {

  private Path directory;

  @Override
  Config storage() {
    try {
      directory = Files.createTempDirectory("millrace");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ConfigFactory.parseMap(Map.of("millrace.storage.directory", directory.toString()));
  }

  @Override
  @AfterClass(alwaysRun = true)
  public void closeEngine() {
    super.closeEngine();
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
