package io.millrace.clients;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.kinesis.common.ConfigsBuilder;
import software.amazon.kinesis.common.InitialPositionInStream;
import software.amazon.kinesis.common.InitialPositionInStreamExtended;
import software.amazon.kinesis.coordinator.Scheduler;
import software.amazon.kinesis.leases.LeaseManagementConfig;
import software.amazon.kinesis.metrics.NullMetricsFactory;
import software.amazon.kinesis.processor.SingleStreamTracker;
import software.amazon.kinesis.retrieval.RetrievalSpecificConfig;

/**
 * A worker of the KCL, in a hurry: its periods are those of the library divided by about ten, and
 * it sends no metrics. Everything else is as the library has it.
 */
final class KclWorker implements AutoCloseable {

  private static final Duration STOPPED_WITHIN = Duration.ofSeconds(60);

  private final String name;
  private final Scheduler scheduler;
  private final CloudWatchAsyncClient unused;
  private final Thread thread;

  /**
   * Starts a worker at the trim horizon of a stream.
   *
   * @param application the name of the application, and of its table
   * @param worker its name among the workers of the application
   */
  KclWorker(
      String stream,
      String application,
      String worker,
      KinesisAsyncClient kinesis,
      DynamoDbAsyncClient leases,
      RetrievalSpecificConfig retrieval,
      DeliveryLog deliveries) {
    this.name = worker;
    this.unused =
        CloudWatchAsyncClient.builder()
            .region(Region.EU_WEST_1)
            .endpointOverride(URI.create("http://127.0.0.1:1"))
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .httpClientBuilder(NettyNioAsyncHttpClient.builder())
            .build();
    ConfigsBuilder configs =
        new ConfigsBuilder(
            new SingleStreamTracker(
                stream,
                InitialPositionInStreamExtended.newInitialPosition(
                    InitialPositionInStream.TRIM_HORIZON)),
            application,
            kinesis,
            leases,
            unused,
            worker,
            () -> new RecordingProcessor(worker, deliveries));
    LeaseManagementConfig leasing =
        configs
            .leaseManagementConfig()
            .failoverTimeMillis(3000)
            .leaseAssignmentIntervalMillis(2000L)
            .shardSyncIntervalMillis(3000)
            .leasesRecoveryAuditorExecutionFrequencyMillis(3000)
            .dynamoDbLockBasedLeaderLeaseDurationInMillis(6000)
            .dynamoDbLockBasedLeaderHeartbeatPeriodInMillis(1500);
    leasing
        .workerUtilizationAwareAssignmentConfig()
        .workerMetricsReporterFreqInMillis(1000)
        .varianceBalancingFrequency(1);
    this.scheduler =
        new Scheduler(
            configs.checkpointConfig(),
            configs
                .coordinatorConfig()
                .parentShardPollIntervalMillis(500)
                .shardConsumerDispatchPollIntervalMillis(100)
                .schedulerInitializationBackoffTimeMillis(100),
            leasing,
            configs.lifecycleConfig(),
            configs.metricsConfig().metricsFactory(new NullMetricsFactory()),
            configs.processorConfig(),
            configs.retrievalConfig().retrievalSpecificConfig(retrieval));
    this.thread = new Thread(scheduler, "kcl-" + worker);
    thread.setDaemon(true);
    thread.start();
  }

  String name() {
    return name;
  }

  /** Stops it as the library's users do: checkpoints first, leases given back. */
  @Override
  public void close() {
    try {
      boolean isClean =
          scheduler.startGracefulShutdown().get(STOPPED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
      if (!isClean) {
        throw new AssertionError("the worker did not stop cleanly");
      }
      thread.join(STOPPED_WITHIN.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException
        | java.util.concurrent.TimeoutException failure) {
      throw new AssertionError("the worker did not stop", failure);
    } finally {
      unused.close();
    }
  }
}
