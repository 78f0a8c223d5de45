# Active Record without an application: activeRecord.rb FOLDER up [VERSION] | down | applied | dump
# DATABASE in the environment is its configuration as JSON.
require 'active_record'
require 'json'

folder, command, version = ARGV
configuration = JSON.parse(ENV.fetch('DATABASE'))
ActiveRecord::Base.configurations = { 'test' => configuration }
ActiveRecord::Base.establish_connection(:test)
ActiveRecord::Migration.verbose = false
context = ActiveRecord::MigrationContext.new(folder, ActiveRecord::SchemaMigration)

case command
when 'up' then context.migrate(version&.to_i)
when 'down' then context.rollback
when 'applied'
  puts(context.migrations_status.filter_map { |status, number, name| number if status == 'up' && name !~ /NO FILE/ })
  puts 'and more is pending' if context.needs_migration?
when 'dump'
  tasks = ActiveRecord::Tasks::DatabaseTasks
  tasks.root = tasks.db_dir = File.dirname(folder)
  named = ActiveRecord::Base.configurations.configs_for(env_name: 'test', name: 'primary')
  tasks.dump_schema(named, :sql)
end
