package io.millrace.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.millrace.engine.storage.JournalRow;
import io.millrace.engine.storage.Storage;
import io.millrace.engine.storage.StorageException;
import io.millrace.engine.storage.StorageException.Reason;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every storage does, whatever database it is in. */
abstract class StorageContract {

  private static final String ID = "shard|a";

  private Storage storage;
  private TestSystem system;

  /** Settings of a storage that is the same for all of a test, and empty when it begins. */
  abstract Config settings();

  /** Changes the version that the storage says it has. */
  abstract void raiseSchemaVersion(int by) throws Exception;

  Storage open(Config overrides) {
    return TestStorage.open(overrides.withFallback(settings()));
  }

  @BeforeEach
  void openStorage() {
    open();
  }

  private void open() {
    storage = open(ConfigFactory.empty());
    system = new TestSystem(storage);
  }

  @AfterEach
  void closeStorage() {
    close();
  }

  private void close() {
    if (system != null) {
      system.close();
      system = null;
    }
    if (storage != null) {
      storage.close();
      storage = null;
    }
  }

  private void reopen() {
    close();
    open();
  }

  static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  static int sizeOf(long eventNumber) {
    return eventNumber % 50 == 0 ? 300_000 : (int) (eventNumber * 37 % 5_000);
  }

  private long append(String persistenceId, int events) {
    var actor = system.actor(persistenceId);
    var bytes = 0L;
    for (var number = 1; number <= events; number++) {
      var event = TestSystem.bytes(number, sizeOf(number));
      bytes += event.length;
      assertThat(system.append(actor, event)).isEqualTo(TestActor.state(number, bytes));
    }
    system.stop(actor);
    return bytes;
  }

  @Test
  void recoversEverythingThatWasPersisted() {
    var bytes = append(ID, 200);

    reopen();

    assertThat(system.state(system.actor(ID))).isEqualTo(TestActor.state(200, bytes));
  }

  @Test
  void recoversFromSnapshotWhenEventsBelowItAreGone() throws Exception {
    TestProbe<String> snapshots = system.kit().createTestProbe(String.class);
    var actor = system.kit().spawn(TestActor.create(ID, storage.plugin(), 40, snapshots.getRef()));
    for (var number = 1; number <= 100; number++) {
      system.append(actor, TestSystem.bytes(number, 100));
    }
    snapshots.expectMessage(TestSystem.PATIENCE, "stored 40");
    snapshots.expectMessage(TestSystem.PATIENCE, "stored 80");
    assertThat(get(storage.trimmer().deleteEvents(ID, 81, 1000))).isEqualTo(80);
    assertThat(get(storage.trimmer().deleteSnapshots(ID, 80))).isEqualTo(1);

    reopen();

    assertThat(system.state(system.actor(ID))).isEqualTo(TestActor.state(100, 10_000));
  }

  @Test
  void goesOnCountingWhenEveryEventIsGone() throws Exception {
    TestProbe<String> snapshots = system.kit().createTestProbe(String.class);
    var actor = system.kit().spawn(TestActor.create(ID, storage.plugin(), 10, snapshots.getRef()));
    for (var number = 1; number <= 10; number++) {
      system.append(actor, new byte[1]);
    }
    snapshots.expectMessage(TestSystem.PATIENCE, "stored 10");
    assertThat(get(storage.trimmer().deleteEvents(ID, 11, 1000))).isEqualTo(10);

    reopen();

    assertThat(system.append(system.actor(ID), new byte[1])).isEqualTo(TestActor.state(11, 11));
    assertThat(numbers(get(storage.pages().read(ID, 1, 100, 1000)))).containsExactly(11L);
  }

  @Test
  void pageHoldsPayloadsInOrder() throws Exception {
    append(ID, 120);

    var page = get(storage.pages().read(ID, 41, 110, Integer.MAX_VALUE));

    assertThat(page).hasSize(70);
    for (var i = 0; i < 70; i++) {
      assertThat(page.get(i).eventNumber()).isEqualTo(41L + i);
      assertThat(page.get(i).payload()).isEqualTo(TestSystem.bytes(41 + i, sizeOf(41 + i)));
    }
  }

  @Test
  void pageOfManyRowsIsReadWhole() throws Exception {
    append(ID, 600);

    assertThat(get(storage.pages().read(ID, 1, 600, Integer.MAX_VALUE))).hasSize(600);
  }

  @Test
  void pageEndsWhenItsBytesAreReached() throws Exception {
    append(ID, 49);

    var page = get(storage.pages().read(ID, 1, 49, 10_000));

    var bytes = page.stream().mapToInt(row -> row.payload().length).sum();
    assertThat(bytes).isBetween(5_000, 10_000);
    assertThat(page.get(0).eventNumber()).isEqualTo(1);
  }

  @Test
  void firstRowOfPageIsReadWhateverItsSize() throws Exception {
    append(ID, 51);

    assertThat(numbers(get(storage.pages().read(ID, 50, 51, 10)))).containsExactly(50L);
  }

  @Test
  void pageIsEmptyOnlyWithoutRows() throws Exception {
    append(ID, 5);

    assertThat(get(storage.pages().read(ID, 6, 100, 1000))).isEmpty();
    assertThat(get(storage.pages().read(ID, 4, 3, 1000))).isEmpty();
    assertThat(get(storage.pages().read("shard|b", 1, 100, 1000))).isEmpty();
  }

  @Test
  void prefixIsTheBeginningOfTheFirstEventInRange() throws Exception {
    append(ID, 60);
    get(storage.trimmer().deleteEvents(ID, 50, 1000));

    var prefix = get(storage.pages().prefix(ID, 1, 60, 24)).orElseThrow();

    assertThat(prefix.eventNumber()).isEqualTo(50);
    assertThat(prefix.payload())
        .isEqualTo(java.util.Arrays.copyOf(TestSystem.bytes(50, sizeOf(50)), 24));
  }

  @Test
  void prefixOfShortEventIsTheEvent() throws Exception {
    append(ID, 1);

    var prefix = get(storage.pages().prefix(ID, 1, 1, 10_000)).orElseThrow();

    assertThat(prefix.payload()).isEqualTo(TestSystem.bytes(1, sizeOf(1)));
    assertThat(get(storage.pages().prefix(ID, 2, 5, 10))).isEmpty();
  }

  @Test
  void trimsOldestFirstInBoundedSteps() throws Exception {
    append(ID, 100);
    var trimmer = storage.trimmer();

    assertThat(get(trimmer.deleteEvents(ID, 31, 20))).isEqualTo(20);
    assertThat(numbers(get(storage.pages().read(ID, 1, 22, 100_000)))).containsExactly(21L, 22L);
    assertThat(get(trimmer.deleteEvents(ID, 31, 20))).isEqualTo(10);
    assertThat(get(trimmer.deleteEvents(ID, 31, 20))).isZero();
    assertThat(numbers(get(storage.pages().read(ID, 1, 31, 100_000)))).containsExactly(31L);
  }

  @Test
  void erasesEverythingOfOneActorAndNothingElse() throws Exception {
    TestProbe<String> snapshots = system.kit().createTestProbe(String.class);
    var actor = system.kit().spawn(TestActor.create(ID, storage.plugin(), 10, snapshots.getRef()));
    for (var number = 1; number <= 25; number++) {
      system.append(actor, new byte[100]);
    }
    snapshots.expectMessage(TestSystem.PATIENCE, "stored 10");
    snapshots.expectMessage(TestSystem.PATIENCE, "stored 20");
    system.stop(actor);
    append("shard|b", 3);
    var trimmer = storage.trimmer();

    var deleted = 0;
    for (var last = -1; last != 0; deleted += last) {
      last = get(trimmer.erase(ID, 10));
      assertThat(last).isLessThanOrEqualTo(10);
    }

    assertThat(deleted).isEqualTo(27);
    assertThat(get(storage.pages().read(ID, 1, 100, 1000))).isEmpty();
    assertThat(system.state(system.actor(ID))).isEqualTo(TestActor.state(0, 0));
    assertThat(get(storage.pages().read("shard|b", 1, 100, 100_000))).hasSize(3);
  }

  @Test
  void isRefusedToSecondEngineUntilFirstCloses() {
    assertThatThrownBy(() -> open(ConfigFactory.empty()))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.IN_USE));

    reopen();
  }

  @Test
  void refusesNewerSchemaAndLeavesItAlone() throws Exception {
    append(ID, 3);
    close();
    raiseSchemaVersion(98);

    assertThatThrownBy(() -> open(ConfigFactory.empty()))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NEWER_SCHEMA))
        .hasMessageContaining("knows");

    raiseSchemaVersion(-98);
    open();
    assertThat(get(storage.pages().read(ID, 1, 10, 100_000))).hasSize(3);
  }

  @Test
  void pagesFailAfterClosing() {
    var pages = storage.pages();
    close();

    assertThat(pages.read(ID, 1, 10, 1000).toCompletableFuture())
        .failsWithin(TestSystem.PATIENCE)
        .withThrowableThat()
        .withCauseInstanceOf(StorageException.class);
  }

  @Test
  void twoEnginesOnOneActorSystemOneAfterTheOther() {
    append(ID, 3);
    storage.close();
    storage = open(ConfigFactory.empty());

    var actor = system.kit().spawn(TestActor.create(ID, storage.plugin()));

    assertThat(system.state(actor)).startsWith("3/");
  }

  static List<Long> numbers(List<JournalRow> rows) {
    return rows.stream().map(JournalRow::eventNumber).toList();
  }
}
