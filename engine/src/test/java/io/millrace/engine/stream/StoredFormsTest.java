package io.millrace.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.NotSerializableException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import org.apache.pekko.serialization.Serializers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What was stored once is read for ever, and what is stored now is what was meant. */
class StoredFormsTest {

  private record Form(SerializerWithStringManifest serializer, String manifest, Object value) {
    @Override
    public String toString() {
      return manifest;
    }
  }

  static List<Form> forms() {
    Map<Form, String> forms = new LinkedHashMap<>();
    StoredForms.ofRegistry()
        .forEach(
            (manifest, value) ->
                forms.put(new Form(new RegistryEventSerializer(), manifest, value), manifest));
    StoredForms.ofStream()
        .forEach(
            (manifest, value) ->
                forms.put(new Form(new StreamEventSerializer(), manifest, value), manifest));
    return List.copyOf(forms.keySet());
  }

  @ParameterizedTest
  @MethodSource("forms")
  void readsWhatWasStored(Form form) throws IOException {
    assertThat(form.serializer().fromBinary(StoredForms.golden(form.manifest()), form.manifest()))
        .isEqualTo(form.value());
  }

  @Test
  void readsTheEarlierFormsOfAState() throws IOException {
    assertThat(
            new StreamEventSerializer()
                .fromBinary(StoredForms.golden("stream.state.v1"), "stream.state.v1"))
        .isEqualTo(StoredForms.ofFirstStreamState());
    assertThat(
            new StreamEventSerializer()
                .fromBinary(StoredForms.golden("stream.state.v2"), "stream.state.v2"))
        .isEqualTo(StoredForms.ofSecondStreamState());
    assertThat(
            new StreamEventSerializer()
                .fromBinary(StoredForms.golden("stream.state.v3"), "stream.state.v3"))
        .isEqualTo(StoredForms.ofThirdStreamState());
  }

  @Test
  void readsTheEarlierFormsOfTheRegistry() throws IOException {
    for (Map.Entry<String, Object> form : StoredForms.ofEarlierRegistry().entrySet()) {
      assertThat(
              new RegistryEventSerializer()
                  .fromBinary(StoredForms.golden(form.getKey()), form.getKey()))
          .isEqualTo(form.getValue());
    }
  }

  @ParameterizedTest
  @MethodSource("forms")
  void storesTheSameBytesAsEver(Form form) throws IOException {
    assertThat(form.serializer().manifest(form.value())).isEqualTo(form.manifest());
    assertThat(HexFormat.of().formatHex(form.serializer().toBinary(form.value())))
        .isEqualTo(HexFormat.of().formatHex(StoredForms.golden(form.manifest())));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void saysWhatItCannotRead(Form form) {
    assertThatThrownBy(() -> form.serializer().fromBinary(new byte[] {1, 2, 3}, "stream.new.v9"))
        .isInstanceOf(NotSerializableException.class)
        .hasMessageContaining("stream.new.v9");
    byte[] bytes = form.serializer().toBinary(form.value());
    for (int length = 1; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> form.serializer().fromBinary(cut, form.manifest()))
          .isInstanceOf(NotSerializableException.class)
          .hasMessageContaining(form.manifest());
    }
  }

  @Test
  void hasAnExampleOfEveryEvent() {
    assertThat(forms())
        .<Class<?>>extracting(form -> form.value().getClass())
        .containsAll(StreamActorTest.leaves(RegistryEvent.class))
        .containsAll(StreamActorTest.leaves(StreamEvent.class));
  }

  @Test
  void isWhatTheActorSystemUses() throws IOException {
    ActorTestKit testKit = ActorTestKit.create(StreamTestBed.config());
    try {
      Serialization serialization = SerializationExtension.get(testKit.system());
      for (Form form : forms()) {
        var serializer = serialization.findSerializerFor(form.value());
        assertThat(serializer.identifier()).isEqualTo(form.serializer().identifier());
        assertThat(Serializers.manifestFor(serializer, form.value())).isEqualTo(form.manifest());
      }
    } finally {
      testKit.shutdownTestKit();
    }
  }
}
