package io.millrace.gateway;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.utils.AttributeMap;

/** Official clients with nothing set but endpoint, region and credentials. */
public final class SdkClients {

  /** A client that believes a self-signed certificate. */
  public static final AttributeMap TRUSTING =
      AttributeMap.builder().put(SdkHttpConfigurationOption.TRUST_ALL_CERTIFICATES, true).build();

  private static final AwsCredentialsProvider DUMMY = credentials("test", "test");

  private SdkClients() {}

  public static AwsCredentialsProvider credentials(String id, String secret) {
    return StaticCredentialsProvider.create(AwsBasicCredentials.create(id, secret));
  }

  public static KinesisClient sync(URI endpoint, SdkHttpClient.Builder<?> transport) {
    return sync(endpoint, transport.build(), DUMMY);
  }

  public static KinesisClient sync(
      URI endpoint, SdkHttpClient transport, AwsCredentialsProvider credentials) {
    return KinesisClient.builder()
        .endpointOverride(endpoint)
        .region(Region.EU_WEST_1)
        .credentialsProvider(credentials)
        .httpClient(transport)
        .build();
  }

  public static KinesisAsyncClient async(URI endpoint, SdkAsyncHttpClient.Builder<?> transport) {
    return KinesisAsyncClient.builder()
        .endpointOverride(endpoint)
        .region(Region.EU_WEST_1)
        .credentialsProvider(DUMMY)
        .httpClientBuilder(transport)
        .build();
  }

  /** As the service's own client wants it: HTTP/2, but trusting. */
  public static KinesisAsyncClient async(URI endpoint, SdkAsyncHttpClient transport) {
    return KinesisAsyncClient.builder()
        .endpointOverride(endpoint)
        .region(Region.EU_WEST_1)
        .credentialsProvider(DUMMY)
        .httpClient(transport)
        .build();
  }

  /** An asynchronous client that is waited for, call by call. */
  public static KinesisClient awaited(KinesisAsyncClient client) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          boolean isShorthand =
              method.getParameterCount() == 1 && method.getParameterTypes()[0] == Consumer.class;
          return isShorthand
              ? InvocationHandler.invokeDefault(proxy, method, arguments)
              : await(client, method, arguments);
        };
    return (KinesisClient)
        Proxy.newProxyInstance(
            KinesisClient.class.getClassLoader(), new Class<?>[] {KinesisClient.class}, handler);
  }

  private static Object await(KinesisAsyncClient client, Method method, Object[] arguments)
      throws Exception {
    Object answer =
        KinesisAsyncClient.class
            .getMethod(method.getName(), method.getParameterTypes())
            .invoke(client, arguments);
    try {
      return answer instanceof CompletableFuture<?> future ? future.join() : answer;
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw failure;
    }
  }
}
