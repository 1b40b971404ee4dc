variable "name" {
  description = "Names the function, the target group and the load balancer. One of a name per account and Region."
  type        = string
  default     = "orders"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,30}[a-z0-9]$", var.name))
    error_message = "Lower-case letters, digits and hyphens, at most 32."
  }
}

variable "vpc_id" {
  type = string
}

variable "subnet_ids" {
  description = "Two or more, in different Availability Zones; public ones for an internet-facing load balancer."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "A load balancer needs two subnets."
  }
}

variable "internal" {
  type    = bool
  default = false
}

variable "allowed_cidr" {
  description = "Who may connect."
  type        = string
  default     = "0.0.0.0/0"
}

variable "certificate_arn" {
  description = "The certificate of the HTTPS listener, in this Region."
  type        = string
}

variable "desync_mitigation_mode" {
  description = "strictest also refuses what browsers do send, such as a space in the path. monitor refuses nothing."
  type        = string
  default     = "defensive"

  validation {
    condition     = contains(["defensive", "strictest", "monitor"], var.desync_mitigation_mode)
    error_message = "One of defensive, strictest and monitor."
  }
}

variable "deletion_protection" {
  type    = bool
  default = false
}

variable "access_log_bucket" {
  description = "A bucket that the load balancer may write to. Its log tells why a 502 was a 502. Null turns it off."
  type        = string
  default     = null
}

variable "health_check_path" {
  description = "Null turns health checks off. Each one is an invocation that you pay, from every Availability Zone."
  type        = string
  default     = null
}

variable "log_retention_days" {
  type    = number
  default = 30
}

variable "alarm_errors" {
  description = "So many errors in one minute raise an alarm."
  type        = number
  default     = 5
}

variable "alarm_topic_arn" {
  description = "The SNS topic that learns of alarms. Null tells nobody."
  type        = string
  default     = null
}

variable "stable_version" {
  description = "The version that serves while a new one is tried. Null is the newest."
  type        = string
  default     = null
}

variable "canary_weight" {
  description = "The share of requests that the newest version gets beside stable_version, such as 0.1."
  type        = number
  default     = 0

  validation {
    condition     = var.canary_weight >= 0 && var.canary_weight < 1
    error_message = "At least 0 and below 1."
  }

  validation {
    condition     = var.canary_weight == 0 || var.stable_version != null
    error_message = "A canary needs stable_version: who gets the other requests?"
  }
}

variable "login" {
  description = "The login in front of a path. The secret is in Secrets Manager, with the key client_secret. Null is no login."
  type = object({
    issuer                 = string
    authorization_endpoint = string
    token_endpoint         = string
    user_info_endpoint     = string
    client_id              = string
    client_secret_arn      = string
    path                   = optional(string, "/*")
  })
  default = null
}
