// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/sourceform.h"

#include "ui/common/segmentedrow.h"
#include "ui/common/tonelabel.h"
#include "ui/sources/addressguard.h"
#include "ui/sources/hubrows.h"
#include "ui/sources/networkrows.h"
#include "ui/sources/redisrows.h"

#include <QCheckBox>
#include <QFileInfo>
#include <QLineEdit>
#include <QPushButton>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// The address with the user or the path, so that the line says all but the password.
QString urlOf(const SourceSettings &settings)
{
    QString url = settings.address();
    if (settings.isHub())
        return url + settings.path;
    if (!settings.user.isEmpty()) {
        const qsizetype at = url.indexOf("://"_L1) + 3;
        url.insert(at, QString::fromLatin1(QUrl::toPercentEncoding(settings.user)) + u'@');
    }
    return url;
}

/// Empties the field's undo too.
void setTextKeepingCursor(QLineEdit *field, const QString &text)
{
    const int cursor = qMax(0, int(field->cursorPosition() - (field->text().size() - text.size())));
    field->setText(text);
    field->setCursorPosition(cursor);
}

/// Whether \a now comes from \a before by one character more or less: else a line was pasted, or began again.
bool isTypedOn(const QString &before, const QString &now)
{
    const QString &longer = before.size() > now.size() ? before : now;
    const QString &shorter = before.size() > now.size() ? now : before;
    if (longer.size() - shorter.size() > 1)
        return false;
    const auto differs = std::mismatch(shorter.begin(), shorter.end(), longer.begin());
    const qsizetype same = differs.first - shorter.begin();
    return shorter.mid(same) == longer.right(shorter.size() - same);
}

bool isUntouchedDefault(const SourceSettings &settings)
{
    return settings.id == 0
           && (settings.address() == SourceSettings().address() || settings.address() == SourceSettings::fromHub({}).address());
}

} // namespace

SourceForm::SourceForm(const SourceSettings &settings, SecretStore *secrets, QWidget *parent)
    : QWidget(parent)
    , m_original(settings)
    , m_rows(*this)
    , m_network(new NetworkRows(m_rows, this))
    , m_redis(new RedisRows(m_rows, this))
    , m_hub(new HubRows(m_rows, m_original, secrets, this))
    , m_kind(settings.kind)
{
    build();
    fill(settings);
    // What a new source would be called anyway is shown as such, and follows the address.
    const QString usual = settings.usualName();
    m_name->setText(settings.id != 0 || settings.name != usual ? settings.name : QString());
    m_readOnly->setChecked(settings.readOnly);
    m_environment->setChoice(int(settings.environment));
    adoptEnvironment();
    if (!isUntouchedDefault(settings))
        m_url->setText(urlOf(settings));
    setKind(settings.kind);
    m_steady = fields();
    m_lastUrl = m_url->text();
    review();
}

SourceForm::~SourceForm()
{
    m_url->disconnect(this); // Losing its focus while it goes it tells of an edit that ended.
}

void SourceForm::build()
{
    m_url = m_rows.edit(u"url"_s, tr("Address"));
    m_name = m_rows.edit(u"name"_s, tr("Name"));
    m_readOnly = new QCheckBox(tr("&Read-only: nothing is ever written to this source"), this);
    m_readOnly->setObjectName(u"readOnly"_s);
    m_environment = new SegmentedRow(tr("Environment"), this);
    for (const SourceEnvironment environment : allSourceEnvironments) {
        const QString name = environmentName(environment);
        m_environment->add(int(environment), name.isEmpty() ? tr("not said") : name,
                           u"environment"_s + (name.isEmpty() ? u"none"_s : name));
    }
    m_kinds = new SegmentedRow(tr("Kind"), this);
    m_kinds->add(int(SourceKind::Redis), tr("Redis"), u"kindRedis"_s);
    m_kinds->add(int(SourceKind::Hub), tr("Signal Hub"), u"kindHub"_s);
    if (m_original.id != 0) {
        for (const SourceKind kind : allSourceKinds) {
            m_kinds->button(int(kind))->setEnabled(kind == m_original.kind);
            m_kinds->button(int(kind))->setToolTip(tr("A source keeps its kind: add another one instead"));
        }
    }

    m_rows.add(tr("&Address"), m_url, m_url);
    m_urlMessage = m_rows.addMessage();
    m_takenMessage = m_rows.addMessage();
    m_takenMessage->setTone(ToneLabel::Tone::Late);
    m_takenMessage->setObjectName(u"takenMessage"_s);
    m_rows.add(tr("&Name"), m_name, m_name);
    m_rows.add(tr("Kind"), nullptr, m_kinds);
    m_redis->addReach();
    m_network->addHost();
    m_redis->addSocket();
    m_hub->addPath();
    m_network->addEncryption();
    m_redis->addLogin();
    m_hub->addToken();
    m_rows.add(tr("Environment"), nullptr, m_environment);
    m_environmentNote = m_rows.addNote();
    m_environmentNote->setObjectName(u"environmentNote"_s);
    m_rows.add(m_readOnly);
    m_rows.alignCaptions();

    connect(m_url, &QLineEdit::textEdited, this, &SourceForm::onUrlEdited);
    connect(m_url, &QLineEdit::editingFinished, this, &SourceForm::dropBareMark);
    for (QLineEdit *field : QList<QLineEdit *>{m_name} + m_network->plainFields() + m_hub->plainFields())
        connect(field, &QLineEdit::textEdited, this, [this, field] { guard(field); });
    connect(m_name, &QLineEdit::textEdited, this, &SourceForm::onFieldEdited);
    connect(m_network, &NetworkRows::edited, this, &SourceForm::onFieldEdited);
    connect(m_redis, &RedisRows::edited, this, &SourceForm::onFieldEdited);
    connect(m_hub, &HubRows::edited, this, &SourceForm::onFieldEdited);
    connect(m_kinds, &SegmentedRow::chosen, this, [this](int kind) {
        setKind(SourceKind(kind));
        onFieldEdited();
    });

    connect(m_environment, &SegmentedRow::chosen, this, &SourceForm::adoptEnvironment);
    connect(m_environment, &SegmentedRow::chosen, this, &SourceForm::edited);
    connect(m_name, &QLineEdit::textChanged, this, &SourceForm::edited);
    connect(m_readOnly, &QCheckBox::toggled, this, &SourceForm::edited);

    QList<QWidget *> environments;
    for (const SourceEnvironment environment : allSourceEnvironments)
        environments.append(m_environment->button(int(environment)));
    const QList<QWidget *> order =
        QList<QWidget *>{m_url, m_name, m_kinds->button(int(SourceKind::Redis)), m_kinds->button(int(SourceKind::Hub))}
        + m_redis->reachTabOrder() + m_network->tabOrder().mid(0, 2) + m_hub->pathTabOrder() + m_network->tabOrder().mid(2)
        + m_redis->loginTabOrder() + m_hub->tokenTabOrder() + environments + QList<QWidget *>{m_readOnly};
    for (qsizetype i = 1; i < order.size(); ++i)
        setTabOrder(order[i - 1], order[i]);
    setFocusProxy(m_url);
}

void SourceForm::fill(const SourceSettings &settings)
{
    m_network->fill(settings);
    m_redis->fill(settings);
    m_hub->fill(settings);
}

void SourceForm::setKind(SourceKind kind)
{
    const bool changes = kind != m_kind;
    m_kind = kind;
    const bool hub = kind == SourceKind::Hub;
    m_kinds->setChoice(int(kind));
    m_url->setPlaceholderText(traitsOf(kind)->exampleAddress);
    m_redis->setShown(!hub);
    m_hub->setShown(hub);
    m_network->setShown(hub || !m_redis->isSocket());
    m_network->setKind(kind, changes);
    if (changes)
        emit kindChanged(kind);
}

SourceSettings SourceForm::fields() const
{
    SourceSettings s = m_original;
    s.kind = m_kind;
    s.name = m_name->text().simplified();
    m_network->read(s);
    m_redis->read(s);
    m_hub->read(s);
    s.environment = SourceEnvironment(qMax(0, m_environment->choice()));
    s.readOnly = m_readOnly->isChecked();
    return s;
}

/// What follows from it, where something does.
void SourceForm::adoptEnvironment()
{
    const auto environment = SourceEnvironment(qMax(0, m_environment->choice()));
    m_environmentNote->setText(environment == SourceEnvironment::Production
                                   ? tr("Not ticked when writing is unlocked. Unlocking and acts ask for its name.")
                               : environment == SourceEnvironment::None
                                   ? tr("What it serves: a mark then stands before its name.")
                                   : tr("Ticked when writing is unlocked. Acts ask once."));
}

bool SourceForm::sameServer(const SourceSettings &other) const
{
    return m_original.kind == other.kind && m_original.socketPath == other.socketPath
           && (!other.socketPath.isEmpty() || (m_original.host == other.host && m_original.port == other.port));
}

SourceSettings SourceForm::settings() const
{
    SourceSettings s = fields();
    if (s.isHub())
        s.password.clear();
    else if (m_redis->passwordTouched())
        s.password = m_redis->password();
    else if (!sameServer(s))
        s.password.clear(); // One server's password is nothing another should be told.
    if (s.name.isEmpty())
        s.name = s.socketPath.isEmpty() ? QString(s.host + u':' + QString::number(s.port)) : QFileInfo(s.socketPath).fileName();
    return s;
}

SourceSettings SourceForm::testSettings() const
{
    SourceSettings s = settings();
    if (s.isHub())
        m_hub->useTyped(s);
    return s;
}

void SourceForm::focusLogin()
{
    if (m_kind == SourceKind::Hub)
        m_hub->focusToken();
    else
        m_redis->focusPassword();
}

void SourceForm::keep(const std::function<void(bool)> &then)
{
    m_hub->keep(fields(), then);
}

void SourceForm::takePassword()
{
    const QString text = m_url->text();
    const qsizetype scheme = text.indexOf("://"_L1);
    const qsizetype from = scheme < 0 ? 0 : scheme + 3;
    const qsizetype at = text.lastIndexOf(u'@');
    const qsizetype colon = text.indexOf(u':', from);
    if (at < from || colon < 0 || colon > at)
        return;
    m_redis->takePassword(QUrl::fromPercentEncoding(text.mid(colon + 1, at - colon - 1).toUtf8()));
    // Without a user nothing is left before the @.
    setTextKeepingCursor(m_url, text.left(colon) + text.mid(colon == from ? at + 1 : at));
}

/// A token pasted into a plain field would be shown, and remembered.
void SourceForm::guard(QLineEdit *field)
{
    bool taken = false;
    const QString clean = withoutToken(field->text(), &taken);
    if (!taken)
        return;
    m_taken = true;
    setTextKeepingCursor(field, clean);
    onFieldEdited();
}

void SourceForm::onUrlEdited()
{
    const std::optional<SourceKind> named = SourceSettings::kindOf(m_url->text());
    const bool hub = named.value_or(m_kind) == SourceKind::Hub;
    bool taken = false;
    const QString clean = hub ? withoutHubSecrets(m_url->text(), &taken) : withoutToken(m_url->text(), &taken);
    if (taken)
        setTextKeepingCursor(m_url, clean);
    m_taken = taken || (m_taken && !clean.isEmpty() && isTypedOn(m_lastUrl, clean));
    if (!hub)
        takePassword();
    m_lastUrl = m_url->text();

    QString problem;
    std::optional<SourceSettings> read;
    if (named && *named != m_kind && m_original.id != 0) {
        problem = hub ? tr("This is the address of a Signal Hub. A Redis does not become one: add it as another source.")
                      : tr("This is the address of a Redis. A hub does not become one: add it as another source.");
    } else if (hub) {
        const std::optional<HubAddress> address = HubAddress::parse(m_url->text(), &problem);
        read = address ? std::optional(SourceSettings::fromHub(*address)) : std::nullopt;
    } else {
        read = SourceSettings::fromUrl(m_url->text(), &problem);
    }
    m_urlProblem = read ? QString() : problem;
    if (named && m_original.id == 0)
        setKind(*named);
    if (read) {
        SourceSettings s = *read;
        if (s.caFile.isEmpty())
            s.caFile = fields().caFile;
        fill(s);
        setKind(m_kind);
    } else if (!m_url->text().isEmpty()) {
        // Typed key by key its beginning was an address, and stands in the fields.
        fill(m_steady);
        m_network->setKind(m_kind, m_kind != m_steady.kind); // The usual port follows the kind.
        setKind(m_kind);
    }
    review();
}

void SourceForm::dropBareMark()
{
    // Enter ends no edit: what was refused is looked at first.
    const QString text = m_url->text();
    if (m_url->hasFocus() || m_kind != SourceKind::Hub || !m_taken || !(text.endsWith(u'?') || text.endsWith(u'#')))
        return;
    m_url->setText(text.chopped(1));
    onUrlEdited();
    m_taken = true; // It was taken out all the same.
    review();
}

void SourceForm::onFieldEdited()
{
    setKind(m_kind);
    m_urlProblem.clear();
    m_url->setText(urlOf(fields()));
    m_lastUrl = m_url->text();
    m_steady = fields();
    review();
}

void SourceForm::review()
{
    const SourceSettings s = fields();
    const bool network = m_network->review();
    const bool redis = m_redis->review();
    const bool hub = m_hub->review(s);
    // An empty line says nothing wrong: the fields below are enough.
    const QString urlProblem = m_url->text().isEmpty() ? QString() : m_urlProblem;
    m_rows.say(m_urlMessage, m_url, urlProblem);
    m_takenMessage->setText(m_taken ? tr("What looked like a token or a login was taken out: it would have been shown and "
                                         "remembered here. A hub's token has a field of its own.")
                                    : QString());
    m_rows.setVisible(m_takenMessage, m_taken);

    m_name->setPlaceholderText(s.socketPath.isEmpty() && !m_redis->isSocket() ? QString(s.host + u':' + m_network->portText())
                                                                              : QFileInfo(s.socketPath).fileName());
    m_redis->setKeepsPassword(!m_original.password.isEmpty() && sameServer(s));

    const bool valid = network && redis && hub && urlProblem.isEmpty();
    if (valid != m_valid) {
        m_valid = valid;
        emit validityChanged(valid);
    }
    emit edited();
}

} // namespace pulsedeck
