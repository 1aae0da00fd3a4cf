import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads partitions from their first record to where they end now. */
public class Consumers {
  private static final long STALLED_MS = 60_000;

  interface RecordVisitor {
    void visit(ConsumerRecord<byte[], byte[]> record) throws Exception;
  }

  /** All partitions of the topic, or the one given (-1: all). Isolation is read_committed or read_uncommitted. */
  static void readToEnd(Properties client, String topic, int only, String isolation, RecordVisitor visitor) throws Exception {
    Properties properties = new Properties();
    properties.putAll(client);
    properties.put("isolation.level", isolation);
    properties.put("enable.auto.commit", "false");
    properties.put("auto.offset.reset", "none");
    properties.put("allow.auto.create.topics", "false");
    properties.put("max.partition.fetch.bytes", String.valueOf(16 << 20));
    properties.put("fetch.max.wait.ms", "20");
    properties.put("max.poll.records", "10000");
    try (var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = new ArrayList<>();
      for (var info : consumer.partitionsFor(topic)) {
        if (only < 0 || info.partition() == only) partitions.add(new TopicPartition(topic, info.partition()));
      }
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long progress = System.currentTimeMillis();
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        var polled = consumer.poll(Duration.ofMillis(200));
        if (!polled.isEmpty()) progress = System.currentTimeMillis();
        else if (System.currentTimeMillis() - progress > STALLED_MS) throw new IllegalStateException("No record of " + topic + " for " + STALLED_MS + " ms");
        for (var record : polled) if (record.offset() < ends.get(new TopicPartition(topic, record.partition()))) visitor.visit(record);
      }
    }
  }

  static Properties cluster(Request request, String field) {
    JsonNode cluster = request.body.get(field);
    return Request.client(cluster);
  }
}
