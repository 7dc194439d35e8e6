package io.millrace.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.Millrace;
import io.millrace.engine.PutSubscriber;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.model.Payload;
import io.millrace.testkit.Awaits;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.reactivestreams.Subscriber;
import org.reactivestreams.tck.SubscriberBlackboxVerification;
import org.reactivestreams.tck.TestEnvironment;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;
import org.testng.annotations.Test;

/**
 * The rules of Reactive Streams for the subscriber that puts, with an engine on H2 beneath it.
 *
 * <p>Skipped are the rules that the TCK itself names untested: a black box does not show whether
 * they are kept. Its white box wants to tell the subscriber when to ask for more and when to
 * cancel; this one asks as its shards take records, and cancels only when it fails.
 */
public class PutSubscriberTckTest extends SubscriberBlackboxVerification<PutRecordsRequestEntry> {

  private static final String STREAM = "orders";

  private Path directory;
  private Millrace millrace;

  public PutSubscriberTckTest() {
    super(new TestEnvironment(Awaits.PATIENCE.toMillis()));
  }

  @BeforeClass
  public void openEngine() throws IOException {
    directory = Files.createTempDirectory("millrace");
    millrace = Millrace.open(H2Fixture.in(directory));
    Awaits.get(millrace.client().createStream(STREAM, 4));
    Awaits.get(millrace.awaitActive(STREAM));
  }

  @AfterClass(alwaysRun = true)
  public void closeEngine() throws IOException {
    if (millrace != null) {
      millrace.close();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    }
  }

  @Override
  public Subscriber<PutRecordsRequestEntry> createSubscriber() {
    return millrace.putSubscriber(STREAM).subscriber();
  }

  @Override
  public PutRecordsRequestEntry createElement(int element) {
    return PutRecordsRequestEntry.of("key " + element, Payload.utf8("order " + element));
  }

  @Test
  public void everyElementOfItsPublisherIsStored() {
    PutSubscriber puts = millrace.putSubscriber(STREAM);

    createHelperPublisher(2_000).subscribe(puts.subscriber());

    assertThat(Awaits.get(puts.stored())).isEqualTo(2_000);
  }
}
