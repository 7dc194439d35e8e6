package io.millrace.clients;

import io.millrace.testkit.ChildJvm;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;

/**
 * A worker of the KCL in a process of its own, which can be killed. What its processors are given
 * it prints before it has a checkpoint of it, so that a checkpoint never covers what nobody heard
 * of.
 */
final class KclProcess implements AutoCloseable {

  private static final Duration A_LINE = Duration.ofMinutes(5);

  private final ChildJvm process;
  private final Thread reader;

  private KclProcess(ChildJvm process, Thread reader) {
    this.process = process;
    this.reader = reader;
  }

  /** Starts one. */
  static KclProcess start(
      boolean isFanOut, URI kinesis, URI leases, String stream, String name, DeliveryLog heard) {
    ChildJvm process =
        ChildJvm.of(KclProcess.class)
            .jvmOptions("-Xmx384m")
            .arguments(
                Boolean.toString(isFanOut), kinesis.toString(), leases.toString(), stream, name)
            .start();
    Thread reader = new Thread(() -> hear(process, name, heard), "kcl-process-" + name);
    reader.setDaemon(true);
    reader.start();
    return new KclProcess(process, reader);
  }

  private static void hear(ChildJvm process, String name, DeliveryLog heard) {
    for (Optional<String> line = process.nextLine(A_LINE);
        line.isPresent();
        line = process.nextLine(A_LINE)) {
      String[] words = line.get().split(" ", 4);
      switch (words[0]) {
        case "started" -> heard.started(name, words[1]);
        case "delivered" ->
            heard.delivered(words[1], new Numbered(words[2], Integer.parseInt(words[3])), false);
        case "ended" -> heard.ended(words[1]);
        case "fault" -> heard.fault(line.get());
        default -> {
          // The library's own words.
        }
      }
    }
  }

  /** Kills it at once, and waits until all that it had said is heard. */
  void kill() throws InterruptedException {
    process.kill();
    reader.join();
  }

  @Override
  public void close() {
    process.close();
  }

  /**
   * The process itself. Arguments: whether by fan-out, the endpoints of Kinesis and of the leases,
   * the stream, and its name among the workers.
   */
  public static void main(String[] arguments) throws InterruptedException {
    KinesisAsyncClient kinesis = KclClients.connect(URI.create(arguments[1]));
    DynamoDbAsyncClient leases = LeaseTables.connect(URI.create(arguments[2]));
    String stream = arguments[3];
    String application = KclFailoverTest.application(stream);
    var unused =
        new KclWorker(
            stream,
            application,
            arguments[4],
            kinesis,
            leases,
            Boolean.parseBoolean(arguments[0])
                ? KclClients.fanOut(kinesis, stream, application)
                : KclClients.polling(kinesis, stream),
            new Printed());
    Thread.currentThread().join();
  }

  @SuppressWarnings("SystemOut") // read by the parent
  private static final class Printed implements DeliveryLog {

    @Override
    public void started(String worker, String shard) {
      System.out.println("started " + shard);
    }

    @Override
    public void delivered(String shard, Numbered record, boolean isAggregated) {
      System.out.println("delivered " + shard + " " + record.key() + " " + record.number());
    }

    @Override
    public void ended(String shard) {
      System.out.println("ended " + shard);
    }

    @Override
    public void fault(String what) {
      System.out.println("fault " + what);
    }
  }
}
