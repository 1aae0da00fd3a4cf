import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * Writes records of every shape a copier may get wrong, always the same ones.
 * Fields: topic, codec, partitions, rounds (of all shapes; round n goes to partition n mod partitions), batchBytes, maxValueBytes.
 */
public class Shapes {
  /** A day in 2023, so that records stay within any retention test's reach of being old, and never "now". */
  private static final long BASE_TIMESTAMP = 1_700_000_000_000L;
  private static final int[] SIZES = {1, 2, 63, 64, 127, 128, 1_023, 8_191, 8_192, 65_535, 65_536, 300_000};

  static JsonNode run(Request request) throws Exception {
    int partitions = request.number("partitions", 1);
    int rounds = request.number("rounds", partitions);
    int written = 0;
    try (KafkaProducer<byte[], byte[]> producer = Producers.open(request)) {
      for (int round = 0; round < rounds; round++) {
        var records = round(request.text("topic"), round % partitions, round, request.number("maxValueBytes", 1_000_000));
        written += Producers.sendAll(producer, records).size();
      }
    }
    return Bridge.JSON.getNodeFactory().numberNode(written);
  }

  private static List<ProducerRecord<byte[], byte[]>> round(String topic, int partition, int round, int maxValueBytes) {
    Random random = new Random(round);
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    Writer writer = (timestamp, key, value, headers) -> {
      var record = new ProducerRecord<>(topic, partition, timestamp, key, value);
      for (int i = 0; i < headers.length; i += 2) record.headers().add(new RecordHeader((String) headers[i], (byte[]) headers[i + 1]));
      records.add(record);
    };
    long now = BASE_TIMESTAMP + round * 1_000L;
    byte[] empty = new byte[0];
    byte[] value = utf8("{\"round\":" + round + ",\"text\":\"the same words again and again and again\"}");

    writer.add(now, null, null);
    writer.add(now, empty, empty);
    writer.add(now, utf8("tombstone"), null);
    writer.add(now, null, value);
    writer.add(now, new byte[4], value);
    writer.add(now, new byte[] {(byte) 0xff, (byte) 0xfe, 0}, allBytes());

    writer.add(0, utf8("timestamp 0"), value);
    writer.add(999, utf8("timestamp 999"), value);
    writer.add(1_000, utf8("timestamp 1000"), value);
    writer.add(now + 5, utf8("later"), value);
    writer.add(now - 5, utf8("earlier"), value);

    writer.add(now, utf8("header order"), value, "b", utf8("1"), "a", utf8("2"), "c", utf8("3"));
    writer.add(now, utf8("header duplicates"), value, "a", utf8("1"), "b", utf8("2"), "a", utf8("3"), "a", utf8("1"));
    writer.add(now, utf8("header null and empty"), value, "null", null, "empty", empty, "null", null);
    writer.add(now, utf8("header integer-like"), value, "10", utf8("x"), "2", utf8("y"), "1", utf8("z"), "2", utf8("w"));
    writer.add(now, utf8("header non-ASCII"), value, "ключ", utf8("значение"), "日本語", allBytes(), "é😀", null, "", utf8("no name"));
    writer.add(now, utf8("header like ours"), value, "__proto__", utf8("p"), "constructor", utf8("c"), "traceparent", utf8("00-0-0-00"));
    Object[] many = new Object[400];
    for (int i = 0; i < many.length; i += 2) {
      many[i] = "h" + i % 7;
      many[i + 1] = bytes(random, i);
    }
    writer.add(now, utf8("many headers"), null, many);

    for (int size : SIZES) writer.add(now + size, utf8("size " + size), bytes(random, size));
    writer.add(now, utf8("large and compressible"), new byte[Math.min(maxValueBytes, 500_000)]);
    writer.add(now, utf8("near the limit"), bytes(random, maxValueBytes));
    writer.add(now, bytes(random, 20_000), empty);
    writer.add(now, utf8("last of round " + round), value);
    return records;
  }

  private interface Writer {
    void add(long timestamp, byte[] key, byte[] value, Object... namesAndValues);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] allBytes() {
    byte[] bytes = new byte[256];
    for (int i = 0; i < bytes.length; i++) bytes[i] = (byte) i;
    return bytes;
  }
}
