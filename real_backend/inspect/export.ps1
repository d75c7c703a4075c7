<#
.SYNOPSIS
  Writes down an SSIS Scale Out deployment on a Windows failover cluster, for `rehearse inspect`.

.DESCRIPTION
  Run it on one node of the cluster, in Windows PowerShell 5.1, elevated, as a domain administrator or another account
  that is an administrator of every machine and may log in to SQL Server. It only reads. It writes one JSON file for the
  cluster, one for each machine, one for SSISDB and one for what could not be read, into a folder of its own.

  No secret is written: of certificates the certificate without its key, of the accounts their names, of properties of
  resources only the values that are known to be none (of the others their names, types, and whether they are empty).

  Machines are asked by PowerShell remoting. A worker that cannot be reached is written down by running this script
  there with -ThisMachineOnly; its file belongs into the same folder.

.PARAMETER Folder
  Where the files go: a folder that is not there yet, or holds no *.json.
.PARAMETER Workers
  The machines with Scale Out Workers. Without it those that SSISDB knows.
.PARAMETER SqlServer
  The server that holds SSISDB, as clients name it. Without it every instance and listener of the cluster is tried.
.PARAMETER Ports
  The ports of the master and of SQL Server, whose state in the firewall is of interest.
.PARAMETER ThisMachineOnly
  Writes down this machine and nothing else.

.EXAMPLE
  .\export.ps1 -Folder C:\Temp\deployment -Workers WRK1, WRK2, WRK3
#>
[CmdletBinding()]
param(
  [Parameter(Mandatory = $true)]
  [string]$Folder,
  [string[]]$Workers = @(),
  [string]$SqlServer = '',
  [int[]]$Ports = @(8391, 1433),
  [switch]$ThisMachineOnly
)
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$Schema = 1

# ---------------------------------------------------------------------------------------------------- a machine
# Runs on the machine itself and answers one JSON text: remoting would flatten anything else.
$MachineFacts = {
  param([int[]]$Ports, [int]$Schema)
  $ErrorActionPreference = 'Stop'
  $ProgressPreference = 'SilentlyContinue'
  $Machine = [System.Environment]::MachineName
  $Gaps = New-Object -TypeName System.Collections.ArrayList

  # A list, or null with the reason among the gaps.
  function Get-List([string]$What, [scriptblock]$Body) {
    try {
      $List = @(& $Body)
      return , $List
    } catch {
      $null = $Gaps.Add([ordered]@{ 'what' = ('{0} of {1}' -f $What, $Machine); 'why' = [string]$_.Exception.Message })
      return $null
    }
  }

  function Test-PortMeant($LocalPorts, [int]$Port) {
    foreach ($Part in @($LocalPorts)) {
      if ($Part -eq 'Any' -or $Part -eq [string]$Port) {
        return $true
      }
      if ($Part -match '^([0-9]{1,5})-([0-9]{1,5})$' -and $Port -ge [int]$Matches[1] -and $Port -le [int]$Matches[2]) {
        return $true
      }
    }
    return $false
  }

  # For everybody on the domain's networks. Rules for one program, service or address say nothing about everybody.
  function Test-PortOpen($Filters, [int]$Port) {
    $Open = $false
    foreach ($Filter in $Filters) {
      if (-not (Test-PortMeant $Filter.LocalPort $Port)) {
        continue
      }
      foreach ($Rule in @(Get-NetFirewallRule -AssociatedNetFirewallPortFilter $Filter)) {
        if ([string]$Rule.Enabled -ne 'True' -or [string]$Rule.Direction -ne 'Inbound') {
          continue
        }
        if ([string]$Rule.Profile -notmatch 'Any|Domain') {
          continue
        }
        $Programs = Get-NetFirewallApplicationFilter -AssociatedNetFirewallRule $Rule
        $Services = Get-NetFirewallServiceFilter -AssociatedNetFirewallRule $Rule
        $Addresses = Get-NetFirewallAddressFilter -AssociatedNetFirewallRule $Rule
        $Interfaces = Get-NetFirewallInterfaceFilter -AssociatedNetFirewallRule $Rule
        $InterfaceTypes = Get-NetFirewallInterfaceTypeFilter -AssociatedNetFirewallRule $Rule
        $Security = Get-NetFirewallSecurityFilter -AssociatedNetFirewallRule $Rule
        # Rules for apps in containers name no program and no port, only the package, and often whose it is.
        $Everybody = [string]$Programs.Program -eq 'Any' -and [string]$Programs.Package -eq '' -and
          [string]$Rule.Owner -eq '' -and [string]$Services.Service -eq 'Any' -and
          [string]$Addresses.RemoteAddress -eq 'Any' -and [string]$Addresses.LocalAddress -eq 'Any' -and
          [string]$Interfaces.InterfaceAlias -eq 'Any' -and [string]$InterfaceTypes.InterfaceType -eq 'Any' -and
          [string]$Security.LocalUser -eq 'Any' -and [string]$Security.RemoteUser -eq 'Any' -and
          [string]$Security.RemoteMachine -eq 'Any'
        if (-not $Everybody) {
          continue
        }
        if ([string]$Rule.Action -eq 'Block') {
          return $false
        }
        $Open = $true
      }
    }
    return $Open
  }

  $System = Get-CimInstance -ClassName Win32_OperatingSystem
  $Computer = Get-CimInstance -ClassName Win32_ComputerSystem
  $Facts = [ordered]@{
    'name' = $Machine
    'domain' = [string]$Computer.Domain
    'windows' = [ordered]@{
      'caption' = [string]$System.Caption
      'version' = [string]$System.Version
      'build' = [int]$System.BuildNumber
    }
    'time_zone' = [string][System.TimeZoneInfo]::Local.Id
    'hardware' = [ordered]@{
      'manufacturer' = [string]$Computer.Manufacturer
      'model' = [string]$Computer.Model
      'hypervisor_present' = [bool]$Computer.HypervisorPresent
    }
  }

  $Facts['addresses'] = Get-List 'the addresses' {
    foreach ($Address in @(Get-NetIPAddress -AddressFamily IPv4)) {
      [string]$Address.IPAddress
    }
  }

  $Facts['services'] = Get-List 'the services' {
    $Wanted = 'Name LIKE ''SSISScaleOut%'' OR Name LIKE ''MSSQL%'' OR Name LIKE ''SQLAgent%'' OR ' +
      'Name = ''SQLSERVERAGENT'' OR Name = ''ClusSvc'''
    foreach ($Service in @(Get-CimInstance -ClassName Win32_Service -Filter $Wanted)) {
      [ordered]@{
        'name' = [string]$Service.Name
        'display_name' = [string]$Service.DisplayName
        'start_mode' = [string]$Service.StartMode
        'state' = [string]$Service.State
        'account' = [string]$Service.StartName
      }
    }
  }

  # The settings lie beside the program of the service.
  $Facts['settings'] = Get-List 'the settings files' {
    foreach ($Service in @(Get-CimInstance -ClassName Win32_Service -Filter 'Name LIKE ''SSISScaleOut%''')) {
      $Program = [string]$Service.PathName
      if ($Program -match '^\s*"([^"]+)"') {
        $Program = $Matches[1]
      } elseif ($Program -match '^\s*(.+?\.exe)') {
        $Program = $Matches[1]
      }
      $Name = 'WorkerSettings.config'
      if ($Service.Name -like 'SSISScaleOutMaster*') {
        $Name = 'MasterSettings.config'
      }
      $Path = [System.IO.Path]::Combine([System.IO.Path]::GetDirectoryName($Program), $Name)
      $Content = $null
      if (Test-Path -LiteralPath $Path -PathType Leaf) {
        $Content = [System.Convert]::ToBase64String([System.IO.File]::ReadAllBytes($Path))
      }
      [ordered]@{ 'service' = [string]$Service.Name; 'path' = $Path; 'content' = $Content }
    }
  }

  # The certificates alone; of private keys only whether there are any.
  $Facts['certificates'] = Get-List 'the certificates' {
    foreach ($Store in @('Root', 'My')) {
      foreach ($Certificate in @(Get-ChildItem -Path ('Cert:\LocalMachine\' + $Store))) {
        [ordered]@{
          'store' = $Store
          'has_private_key' = [bool]$Certificate.HasPrivateKey
          'raw' = [System.Convert]::ToBase64String($Certificate.RawData)
        }
      }
    }
  }

  # What `netsh http show sslcert` tells in the language of Windows, http.sys keeps in the registry.
  $Facts['bindings'] = Get-List 'the bindings of http.sys' {
    $Bindings = 'HKLM:\SYSTEM\CurrentControlSet\Services\HTTP\Parameters\SslBindingInfo'
    if (Test-Path -LiteralPath $Bindings) {
      foreach ($Key in @(Get-ChildItem -LiteralPath $Bindings)) {
        $Hash = $Key.GetValue('SslCertHash')
        if ($null -ne $Hash) {
          [ordered]@{
            'endpoint' = [string]$Key.PSChildName
            'thumbprint' = [System.BitConverter]::ToString([byte[]]$Hash).Replace('-', '')
            'store' = [string]$Key.GetValue('SslCertStoreName')
          }
        }
      }
    }
  }

  $Facts['firewall'] = Get-List 'the firewall' {
    $Guarded = [string](Get-NetFirewallProfile -PolicyStore ActiveStore -Name Domain).Enabled -ne 'False'
    $Filters = @(Get-NetFirewallPortFilter -PolicyStore ActiveStore |
      Where-Object -FilterScript { [string]$_.Protocol -in @('TCP', 'Any') })
    foreach ($Port in $Ports) {
      $Open = -not $Guarded
      if ($Guarded) {
        $Open = Test-PortOpen $Filters $Port
      }
      [ordered]@{ 'port' = $Port; 'open' = [bool]$Open }
    }
  }

  $Facts['sql_instances'] = Get-List 'the instances of SQL Server' {
    $Sql = 'HKLM:\SOFTWARE\Microsoft\Microsoft SQL Server'
    $Names = $Sql + '\Instance Names\SQL'
    if (Test-Path -LiteralPath $Names) {
      $Key = Get-Item -LiteralPath $Names
      foreach ($Instance in @($Key.GetValueNames())) {
        $Place = $Sql + '\' + [string]$Key.GetValue($Instance)
        $Setup = Get-Item -LiteralPath ($Place + '\Setup')
        $Mode = $null
        if (Test-Path -LiteralPath ($Place + '\MSSQLServer')) {
          $Mode = (Get-Item -LiteralPath ($Place + '\MSSQLServer')).GetValue('LoginMode')
        }
        [ordered]@{
          'instance' = [string]$Instance
          'version' = [string]$Setup.GetValue('Version')
          'edition' = [string]$Setup.GetValue('Edition')
          'login_mode' = $Mode
        }
      }
    }
  }

  $File = [ordered]@{
    'rehearse_export' = $Schema
    'written' = [System.DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ')
    'by' = $Machine
    'machines' = @($Facts)
    'gaps' = @($Gaps)
  }
  ConvertTo-Json -InputObject $File -Depth 12
}

# ---------------------------------------------------------------------------------------------------- values
$Gaps = New-Object -TypeName System.Collections.ArrayList

function Add-Gap([string]$What, [string]$Why) {
  $null = $Gaps.Add([ordered]@{ 'what' = $What; 'why' = $Why })
}

# An enumeration as its number and its name; what is none has no number.
function Get-Enumerated($Value) {
  $Number = $null
  if ($Value -is [System.Enum] -or $Value -is [System.ValueType]) {
    $Number = [long]$Value
  }
  return [ordered]@{ 'number' = $Number; 'text' = [string]$Value }
}

# true, a number, a text or a list of texts; nothing for anything else.
function Get-Simple($Value) {
  if ($Value -is [bool] -or $Value -is [string]) {
    return $Value
  }
  if ($Value -is [System.Enum] -or $Value -is [int] -or $Value -is [uint32] -or $Value -is [long] -or
    $Value -is [int16] -or $Value -is [uint16] -or $Value -is [byte]) {
    return [long]$Value
  }
  if ($Value -is [uint64] -and $Value -le [long]::MaxValue) {
    return [long]$Value
  }
  if ($Value -is [System.Collections.Specialized.StringCollection] -or $Value -is [string[]]) {
    $Texts = @()
    foreach ($Text in $Value) {
      $Texts += [string]$Text
    }
    return , $Texts
  }
  return $null
}

$Secretive = 'password|secret|token|credential|key|securitydescriptor'

# The properties of an object that are simple and can hold no secret.
function Get-Properties($Object) {
  $Bag = [ordered]@{}
  foreach ($Property in @($Object.PSObject.Properties)) {
    if ($Property.Name -match $Secretive -or $Property.Name -in @('Name', 'Cluster', 'Id')) {
      continue
    }
    try {
      $Simple = Get-Simple $Property.Value
      if ($null -ne $Simple) {
        $Bag[$Property.Name] = $Simple
      }
    } catch {
      # This version of Windows names a property that this cluster cannot tell.
      continue
    }
  }
  return $Bag
}

# Private properties of resources whose values are no secrets. Of all others nothing but the name leaves this cluster.
$Open = @(
  'Address', 'SubnetMask', 'Network', 'EnableDhcp', 'EnableNetBIOS', 'OverrideAddressMatch', 'ProbePort',
  'ProbeFailureThreshold', 'Name', 'DnsName', 'HostRecordTTL', 'RegisterAllProvidersIP', 'PublishPTRRecords',
  'RemapPipeNames', 'ServiceName', 'UseNetworkName', 'SharePath', 'ArbitrationDelay', 'AccountName', 'EndpointInfo',
  'VirtualServerName', 'InstanceName', 'HealthCheckTimeout', 'FailureConditionLevel', 'LeaseTimeout', 'VerboseLogging',
  'SqlDumperDumpFlags', 'SqlDumperDumpTimeOut', 'DiskRunChkDsk', 'DiskArbInterval', 'MaxIoLatency', 'MaintenanceMode',
  'Arbitrate'
)

function Get-Parameters($Resource) {
  $List = @()
  foreach ($Parameter in @($Resource | Get-ClusterParameter)) {
    $Entry = [ordered]@{ 'name' = [string]$Parameter.Name; 'type' = [string]$Parameter.ParameterType }
    if ($Parameter.Name -in $Open) {
      $Entry['value'] = Get-Simple $Parameter.Value
    } else {
      $Content = @($Parameter.Value | Where-Object -FilterScript { $null -ne $_ -and [string]$_ -ne '' })
      $Entry['withheld'] = $true
      $Entry['empty'] = ($Content.Count -eq 0)
    }
    $List += $Entry
  }
  return , $List
}

function Get-Names($Objects) {
  $Names = @()
  foreach ($Object in @($Objects)) {
    if ($null -ne $Object) {
      $Names += [string]$Object.Name
    }
  }
  return , $Names
}

# ---------------------------------------------------------------------------------------------------- the cluster
function Get-ClusterFacts {
  $Cluster = Get-Cluster
  $Facts = [ordered]@{
    'name' = [string]$Cluster.Name
    'domain' = [string]$Cluster.Domain
    'properties' = Get-Properties $Cluster
  }

  $Nodes = @()
  foreach ($Node in @(Get-ClusterNode)) {
    $Nodes += [ordered]@{
      'name' = [string]$Node.Name
      'id' = [int]$Node.Id
      'weight' = [int]$Node.NodeWeight
      'build' = [int]$Node.BuildNumber
      'state' = Get-Enumerated $Node.State
    }
  }
  $Facts['nodes'] = $Nodes

  $Networks = @()
  foreach ($Network in @(Get-ClusterNetwork)) {
    $Networks += [ordered]@{
      'name' = [string]$Network.Name
      'address' = [string]$Network.Address
      'mask' = [string]$Network.AddressMask
      'role' = Get-Enumerated $Network.Role
      'state' = Get-Enumerated $Network.State
    }
  }
  $Facts['networks'] = $Networks

  $Interfaces = @()
  foreach ($Interface in @(Get-ClusterNetworkInterface)) {
    $Interfaces += [ordered]@{
      'name' = [string]$Interface.Name
      'node' = [string]$Interface.Node
      'network' = [string]$Interface.Network
      'address' = [string]$Interface.Address
      'state' = Get-Enumerated $Interface.State
    }
  }
  $Facts['interfaces'] = $Interfaces

  # From Windows Server 2016 on.
  $Facts['fault_domains'] = $null
  if ($null -ne (Get-Command -Name Get-ClusterFaultDomain -ErrorAction SilentlyContinue)) {
    try {
      $Domains = @()
      foreach ($Domain in @(Get-ClusterFaultDomain)) {
        $Domains += [ordered]@{
          'name' = [string]$Domain.Name
          'type' = Get-Enumerated $Domain.Type
          'parent' = [string]$Domain.ParentName
        }
      }
      $Facts['fault_domains'] = $Domains
    } catch {
      Add-Gap 'the sites (fault domains) of the cluster' $_.Exception.Message
    }
  }

  $Quorum = Get-ClusterQuorum
  $Witness = $null
  if ($null -ne $Quorum.QuorumResource) {
    $Witness = [string]$Quorum.QuorumResource.Name
  }
  $Facts['quorum'] = [ordered]@{ 'type' = Get-Enumerated $Quorum.QuorumType; 'resource' = $Witness }

  $Groups = @()
  foreach ($Group in @(Get-ClusterGroup)) {
    $Groups += [ordered]@{
      'name' = [string]$Group.Name
      'core' = [bool]$Group.IsCoreGroup
      'owner' = [string]$Group.OwnerNode
      'state' = Get-Enumerated $Group.State
      'type' = Get-Enumerated $Group.GroupType
      'preferred_owners' = Get-Names (Get-ClusterOwnerNode -Group $Group.Name).OwnerNodes
      'properties' = Get-Properties $Group
    }
  }
  $Facts['groups'] = $Groups

  $Resources = @()
  foreach ($Resource in @(Get-ClusterResource)) {
    $Resources += [ordered]@{
      'name' = [string]$Resource.Name
      'type' = [string]$Resource.ResourceType
      'group' = [string]$Resource.OwnerGroup
      'core' = [bool]$Resource.IsCoreResource
      'state' = Get-Enumerated $Resource.State
      'possible_owners' = Get-Names (Get-ClusterOwnerNode -Resource $Resource.Name).OwnerNodes
      'dependency' = [string](Get-ClusterResourceDependency -Resource $Resource.Name).DependencyExpression
      'properties' = Get-Properties $Resource
      'parameters' = Get-Parameters $Resource
    }
  }
  $Facts['resources'] = $Resources
  return $Facts
}

# ---------------------------------------------------------------------------------------------------- SSISDB
function Open-Server([string]$Server) {
  $Builder = New-Object -TypeName System.Data.SqlClient.SqlConnectionStringBuilder
  $Builder['Data Source'] = $Server
  $Builder['Initial Catalog'] = 'master'
  $Builder['Integrated Security'] = $true
  $Builder['Connect Timeout'] = 15
  $Builder['Application Name'] = 'rehearse'
  $Connection = New-Object -TypeName System.Data.SqlClient.SqlConnection -ArgumentList $Builder.ToString()
  $Connection.Open()
  return $Connection
}

function Read-Rows($Connection, [string]$Query, $Values = @{}) {
  $Command = $Connection.CreateCommand()
  $Command.CommandText = $Query
  $Command.CommandTimeout = 60
  foreach ($Name in @($Values.Keys)) {
    $null = $Command.Parameters.AddWithValue($Name, $Values[$Name])
  }
  $Table = New-Object -TypeName System.Data.DataTable
  $Adapter = New-Object -TypeName System.Data.SqlClient.SqlDataAdapter -ArgumentList $Command
  $null = $Adapter.Fill($Table)
  return , @($Table.Rows)
}

function Get-Text($Value) {
  if ($null -eq $Value -or $Value -is [System.DBNull]) {
    return $null
  }
  return [string]$Value
}

# What clients may call a server of this cluster that could hold SSISDB.
function Get-Servers($Cluster) {
  $Servers = @()
  foreach ($Resource in $Cluster['resources']) {
    if ($Resource['type'] -eq 'SQL Server') {
      $Network = ''
      $Instance = ''
      foreach ($Parameter in $Resource['parameters']) {
        if ($Parameter['name'] -eq 'VirtualServerName') {
          $Network = [string]$Parameter['value']
        }
        if ($Parameter['name'] -eq 'InstanceName') {
          $Instance = [string]$Parameter['value']
        }
      }
      if ($Instance -eq '' -or $Instance -eq 'MSSQLSERVER') {
        $Servers += $Network
      } else {
        $Servers += $Network + '\' + $Instance
      }
    }
    if ($Resource['type'] -eq 'SQL Server Availability Group') {
      foreach ($Other in $Cluster['resources']) {
        if ($Other['group'] -eq $Resource['group'] -and $Other['type'] -eq 'Network Name') {
          foreach ($Parameter in $Other['parameters']) {
            if ($Parameter['name'] -eq 'DnsName') {
              $Servers += [string]$Parameter['value']
            }
          }
        }
      }
    }
  }
  return , $Servers
}

# Of one replica: whether the workers' log login is there with the identity that SSISDB knows, and whether the master
# key of SSISDB opens there. Passwords cannot be compared.
function Get-Replica($Row, $Identity, $Family) {
  $Login = $null
  $Key = $null
  $Server = [string]$Row['replica_server_name']
  try {
    $Connection = Open-Server $Server
    try {
      if ($null -ne $Identity) {
        $Found = Read-Rows $Connection ('SELECT COUNT(*) AS found FROM sys.server_principals WHERE ' +
          'name = ''##MS_SSISLogDBWorkerAgentLogin##'' AND sid = @sid') @{ '@sid' = $Identity }
        $Login = ([int]$Found[0]['found'] -gt 0)
      }
      $Found = Read-Rows $Connection ('SELECT (SELECT COUNT(*) FROM sys.master_key_passwords WHERE family_guid = @family) + ' +
        '(SELECT COUNT(*) FROM sys.databases WHERE name = ''SSISDB'' AND is_master_key_encrypted_by_server = 1) AS found'
      ) @{ '@family' = $Family }
      $Key = ([int]$Found[0]['found'] -gt 0)
    } finally {
      $Connection.Dispose()
    }
  } catch {
    Add-Gap ('the replica of SSISDB on {0}' -f $Server) $_.Exception.Message
  }
  return [ordered]@{
    'server' = $Server
    'commit' = [string]$Row['availability_mode_desc']
    'failover' = [string]$Row['failover_mode_desc']
    'session_timeout' = [int]$Row['session_timeout']
    'log_login' = $Login
    'master_key' = $Key
  }
}

function Get-AvailabilityGroup($Connection) {
  $Found = Read-Rows $Connection ('SELECT g.group_id, g.name FROM sys.availability_groups g JOIN ' +
    'sys.availability_databases_cluster d ON d.group_id = g.group_id WHERE d.database_name = ''SSISDB''')
  if ($Found.Count -eq 0) {
    return $null
  }
  $Group = @{ '@group' = $Found[0]['group_id'] }
  $Listeners = Read-Rows $Connection 'SELECT dns_name, port FROM sys.availability_group_listeners WHERE group_id = @group' $Group
  $Listener = ''
  $Port = 0
  if ($Listeners.Count -gt 0) {
    $Listener = [string]$Listeners[0]['dns_name']
    if ($Listeners[0]['port'] -isnot [System.DBNull]) {
      $Port = [int]$Listeners[0]['port']
    }
  }
  $Users = Read-Rows $Connection 'SELECT sid FROM SSISDB.sys.database_principals WHERE name = ''##MS_SSISLogDBWorkerAgentUser##'''
  $Identity = $null
  if ($Users.Count -gt 0) {
    $Identity = $Users[0]['sid']
  }
  $Family = (Read-Rows $Connection 'SELECT family_guid FROM sys.database_recovery_status WHERE database_id = DB_ID(''SSISDB'')')[0]['family_guid']
  $Replicas = @()
  foreach ($Row in (Read-Rows $Connection ('SELECT replica_server_name, availability_mode_desc, failover_mode_desc, ' +
        'session_timeout FROM sys.availability_replicas WHERE group_id = @group') $Group)) {
    $Replicas += Get-Replica $Row $Identity $Family
  }
  $Job = $null
  try {
    $Jobs = Read-Rows $Connection 'SELECT COUNT(*) AS found FROM msdb.dbo.sysjobs WHERE name = ''SSIS Failover Monitor Job'' AND enabled = 1'
    $Job = ([int]$Jobs[0]['found'] -gt 0)
  } catch {
    Add-Gap 'whether there is the SSIS Failover Monitor Job' $_.Exception.Message
  }
  return [ordered]@{
    'name' = [string]$Found[0]['name']
    'listener' = $Listener
    'port' = $Port
    'replicas' = $Replicas
    'failover_monitor_job' = $Job
  }
}

function Get-SsisdbFacts($Connection, [string]$Server) {
  $About = (Read-Rows $Connection ('SELECT CONVERT(nvarchar(128), SERVERPROPERTY(''InstanceName'')) AS instance, ' +
      'CONVERT(nvarchar(128), SERVERPROPERTY(''ProductVersion'')) AS version, ' +
      'CONVERT(nvarchar(128), SERVERPROPERTY(''Edition'')) AS edition, ' +
      'CONVERT(int, SERVERPROPERTY(''IsIntegratedSecurityOnly'')) AS windows_only'))[0]
  $Database = (Read-Rows $Connection 'SELECT * FROM sys.databases WHERE name = ''SSISDB''')[0]
  $Accelerated = $false
  if ($Database.Table.Columns.Contains('is_accelerated_database_recovery_on')) {
    $Accelerated = [bool]$Database['is_accelerated_database_recovery_on']
  }
  $Instance = Get-Text $About['instance']
  if ($null -eq $Instance) {
    $Instance = 'MSSQLSERVER'
  }
  $Facts = [ordered]@{
    'server' = $Server
    'instance' = $Instance
    'version' = [string]$About['version']
    'edition' = [string]$About['edition']
    'windows_logins_only' = ([int]$About['windows_only'] -eq 1)
    'accelerated_recovery' = $Accelerated
    'availability_group' = Get-AvailabilityGroup $Connection
    'master' = $null
    'workers' = $null
  }
  try {
    # The others of these properties hold how workers log in.
    $Master = [ordered]@{}
    foreach ($Row in (Read-Rows $Connection ('SELECT property_name, property_value FROM SSISDB.catalog.master_properties WHERE ' +
          'property_name IN (''CLUSTER_LOGDB_SERVER'', ''LAST_ONLINE_TIME'', ''MACHINE_IP'', ''MACHINE_NAME'', ' +
          '''MASTER_ADDRESS'', ''MASTER_SERVICE_PORT'', ''SSLCERT_THUMBPRINT'')'))) {
      $Master[[string]$Row['property_name']] = Get-Text $Row['property_value']
    }
    $Facts['master'] = $Master
    $Agents = @()
    foreach ($Row in (Read-Rows $Connection 'SELECT WorkerAgentId, MachineName, IsEnabled FROM SSISDB.catalog.worker_agents')) {
      $Agents += [ordered]@{
        'id' = [string]$Row['WorkerAgentId']
        'machine' = [string]$Row['MachineName']
        'enabled' = [bool]$Row['IsEnabled']
      }
    }
    $Facts['workers'] = $Agents
  } catch {
    Add-Gap 'the catalog of SSISDB' $_.Exception.Message
  }
  return $Facts
}

# The first of the servers that has SSISDB.
function Find-Ssisdb($Servers) {
  foreach ($Server in $Servers) {
    try {
      $Connection = Open-Server $Server
      try {
        $There = Read-Rows $Connection 'SELECT COUNT(*) AS found FROM sys.databases WHERE name = ''SSISDB'''
        if ([int]$There[0]['found'] -gt 0) {
          return Get-SsisdbFacts $Connection $Server
        }
      } finally {
        $Connection.Dispose()
      }
    } catch {
      Add-Gap ('SQL Server {0}' -f $Server) $_.Exception.Message
    }
  }
  return $null
}

# ---------------------------------------------------------------------------------------------------- files
$Folder = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Folder)
if (-not (Test-Path -LiteralPath $Folder)) {
  $null = New-Item -Path $Folder -ItemType Directory
}
if (@(Get-ChildItem -LiteralPath $Folder -Filter '*.json').Count -gt 0) {
  throw "There are *.json files in $Folder already: give a folder of its own to every export."
}

function Write-File([string]$Name, [string]$Text) {
  $Path = [System.IO.Path]::Combine($Folder, $Name)
  [System.IO.File]::WriteAllText($Path, $Text, (New-Object -TypeName System.Text.UTF8Encoding -ArgumentList $false))
  Write-Output -InputObject $Path
}

function Get-File {
  return [ordered]@{
    'rehearse_export' = $Schema
    'written' = [System.DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ')
    'by' = [System.Environment]::MachineName
  }
}

function Write-Machine([string]$Name) {
  try {
    if ($Name -eq [System.Environment]::MachineName) {
      $Text = & $MachineFacts $Ports $Schema
    } else {
      $Text = Invoke-Command -ComputerName $Name -ScriptBlock $MachineFacts -ArgumentList $Ports, $Schema
    }
    Write-File ('machine-{0}.json' -f $Name) ([string]$Text)
  } catch {
    Add-Gap ('the machine {0}' -f $Name) $_.Exception.Message
  }
}

if ($ThisMachineOnly) {
  Write-Machine ([System.Environment]::MachineName)
} else {
  $Cluster = Get-ClusterFacts
  $File = Get-File
  $File['cluster'] = $Cluster
  Write-File 'cluster.json' (ConvertTo-Json -InputObject $File -Depth 12)

  $Servers = @($SqlServer)
  if ($SqlServer -eq '') {
    $Servers = Get-Servers $Cluster
  }
  $Ssisdb = Find-Ssisdb $Servers
  if ($null -eq $Ssisdb) {
    Add-Gap 'SSISDB' ('none of these servers holds it: ' + ($Servers -join ', '))
  } else {
    $File = Get-File
    $File['ssisdb'] = $Ssisdb
    Write-File 'ssisdb.json' (ConvertTo-Json -InputObject $File -Depth 12)
  }

  if ($Workers.Count -eq 0 -and $null -ne $Ssisdb -and $null -ne $Ssisdb['workers']) {
    foreach ($Agent in $Ssisdb['workers']) {
      $Workers += [string]$Agent['machine']
    }
  }
  $Machines = @()
  foreach ($Node in $Cluster['nodes']) {
    $Machines += [string]$Node['name']
  }
  $Machines += $Workers
  foreach ($Name in @($Machines | Sort-Object -Unique)) {
    Write-Machine $Name
  }
}
if ($Gaps.Count -gt 0) {
  $File = Get-File
  $File['gaps'] = @($Gaps)
  Write-File 'gaps.json' (ConvertTo-Json -InputObject $File -Depth 12)
}
