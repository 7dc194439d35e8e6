package io.millrace.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.ResourceInUseException;
import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.consumer.ShardRecords;
import io.millrace.engine.model.Record;
import io.millrace.testkit.Awaits;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Publishers read with RxJava and Mutiny, by their own demand and with their own operators. */
class OtherLibrariesTest {

  private static final StartingPosition HORIZON = StartingPosition.trimHorizon();

  private final TestEngine engine = TestEngine.open("millrace.fan-out.max-records = 1");
  private final String stream = engine.create(1);
  private final List<String> put = List.of("1", "2", "3", "4", "5");

  @BeforeEach
  void fill() {
    put.forEach(data -> engine.put(stream, data));
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private static List<String> data(List<ShardRecords> elements) {
    return elements.stream()
        .flatMap(element -> element.records().stream())
        .map(OtherLibrariesTest::data)
        .toList();
  }

  private static String data(Record record) {
    return record.data().utf8();
  }

  /** Waits until a subscriber has so many elements, and shows what is in all that it has. */
  private static List<String> await(int elements, Supplier<List<ShardRecords>> received) {
    Awaits.await(elements + " elements", () -> received.get().size() >= elements);
    return data(received.get());
  }

  @Test
  void rxJavaGetsWhatItAsksFor() {
    TestSubscriber<ShardRecords> reader =
        Flowable.fromPublisher(engine.fanOut.stream(stream, HORIZON)).test(2);
    assertThat(await(2, reader::values)).isEqualTo(put.subList(0, 2));
    reader.request(1);
    assertThat(await(3, reader::values)).isEqualTo(put.subList(0, 3));
    reader.cancel();
  }

  @Test
  void rxJavaComposesItWithDemandOfItsOwn() {
    List<String> first =
        Flowable.fromPublisher(engine.fanOut.stream(stream, HORIZON))
            .concatMapIterable(ShardRecords::records, 1)
            .map(OtherLibrariesTest::data)
            .take(4)
            .toList()
            .blockingGet();

    assertThat(first).isEqualTo(put.subList(0, 4));
  }

  @Test
  void mutinyGetsWhatItAsksFor() {
    AssertSubscriber<ShardRecords> reader =
        Multi.createFrom()
            .publisher(engine.fanOut.stream(stream, HORIZON).flowPublisher())
            .subscribe()
            .withSubscriber(AssertSubscriber.create(2));
    assertThat(await(2, reader::getItems)).isEqualTo(put.subList(0, 2));
    reader.request(1);
    assertThat(await(3, reader::getItems)).isEqualTo(put.subList(0, 3));
    reader.cancel();
  }

  @Test
  void mutinyComposesItWithDemandOfItsOwn() {
    List<String> first =
        Multi.createFrom()
            .publisher(engine.fanOut.stream(stream, HORIZON).flowPublisher())
            .onItem()
            .transformToIterable(ShardRecords::records)
            .map(OtherLibrariesTest::data)
            .select()
            .first(4)
            .collect()
            .asList()
            .await()
            .atMost(Awaits.PATIENCE);

    assertThat(first).isEqualTo(put.subList(0, 4));
  }

  /** Within five seconds, by a clock that stands still, a live subscription is not taken over. */
  @Test
  void cancellingGivesTheSubscriptionOfARegisteredConsumerBack() {
    RecordPublisher publisher =
        engine.fanOut.consumer(engine.register(stream, "audit")).shard(TestEngine.SHARD_0, HORIZON);

    for (int i = 0; i < 2; i++) {
      ShardRecords rxJava =
          Flowable.fromPublisher(publisher)
              .retry(failure -> failure instanceof ResourceInUseException)
              .firstOrError()
              .timeout(Awaits.PATIENCE.toSeconds(), TimeUnit.SECONDS)
              .blockingGet();
      ShardRecords mutiny =
          Multi.createFrom()
              .publisher(publisher.flowPublisher())
              .onFailure(ResourceInUseException.class)
              .retry()
              .indefinitely()
              .toUni()
              .await()
              .atMost(Awaits.PATIENCE);
      assertThat(mutiny.records()).isEqualTo(rxJava.records());
    }
  }
}
